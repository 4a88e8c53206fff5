"""Who is talking: shoppers known by token, their consent, and what may be remembered."""
