"""Records of an earlier system, brought over once, so that a child's history does not start with this portal."""
