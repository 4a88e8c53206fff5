"""Which question to ask next, what to relax, and what to show first."""
