"""What the front door did, in numbers. Reads only: nothing here writes, and every number comes from queries.py."""
