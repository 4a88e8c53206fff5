"""Lexical and semantic search, filters and counts over the products of a shop."""
