"""Versions of the threshold matrix, for the administrator: drafted from a file, compared, published or discarded."""
