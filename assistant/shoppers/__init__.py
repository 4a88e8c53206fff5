"""Who is talking: shoppers known by token, with their consent, and what may be remembered of them."""
