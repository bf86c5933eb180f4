"""Police notifications, many at a time: from a file, looked at before they come in, or from the police's own system."""
