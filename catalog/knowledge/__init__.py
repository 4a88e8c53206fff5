"""What a good seller knows about kinds of goods, as data by language, and how it meets the facets of a shop."""
