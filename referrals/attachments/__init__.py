"""Files that go with a referral: checked by content, kept, scanned for viruses, and opened only through the door."""
