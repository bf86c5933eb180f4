"""Low-level domestic abuse notifications: screened by one person, signed off by another, findable for ever."""
