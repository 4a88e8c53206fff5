"""Texts, labels, nested and packed values, units: one cell at a time."""
