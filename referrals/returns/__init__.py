"""The inspection's child-level lists and the census checks, out of the same rows that the dashboard counts. Reads only,
but for the line that says who took a list away, and a primary need that was left out."""
