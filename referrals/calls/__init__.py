"""Telephone calls: taking one, and what the caller and the hub read of it afterwards."""
