"""What is not kept for ever, and who is told before it goes."""
