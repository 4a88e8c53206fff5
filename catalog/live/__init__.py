"""A shop as it is served: the index, and what changes while it is open."""
