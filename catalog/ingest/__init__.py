"""From a feed to the products of a shop, and the updates of them."""
