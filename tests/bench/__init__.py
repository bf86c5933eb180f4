"""`make bench`: how fast the portal is, in multiples of plain Django on the same machine (docs/performance.md)."""
