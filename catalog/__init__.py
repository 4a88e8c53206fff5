"""From a feed to products, facets and the next question."""
