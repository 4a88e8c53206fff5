"""What is kept: shoppers with their profiles, conversations with their messages."""
