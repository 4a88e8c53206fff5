"""What the columns of a catalog are: their roles, kinds, facets, units and questions."""
