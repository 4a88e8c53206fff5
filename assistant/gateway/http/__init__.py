"""The gateway's routes and what guards them."""
