"""What the portal is measured against: the same things as anybody writes them in Django, with no care for speed."""
