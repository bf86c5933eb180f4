"""Pages of intake: following what was sent, drafting, people, the threshold, checking and sending."""
