"""The front door at this moment, for a wall: what is open and late, who holds it, and what is still to come today."""
