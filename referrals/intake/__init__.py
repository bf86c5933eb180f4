"""How a concern reaches the front door: the form, its drafts, and sending it."""
