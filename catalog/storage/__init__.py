"""The files of an imported shop: generations, products, rules, settings."""
