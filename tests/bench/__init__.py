"""`make bench`: how fast the portal is, in multiples of what a plain Django page costs on the same machine (docs/performance.md)."""
