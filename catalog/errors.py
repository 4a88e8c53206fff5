"""What can go wrong in the catalog.

CatalogError
+-- FeedError            the feed cannot be read at all, or would drop too many products
+-- ShopError            the shop folder is missing, broken, or its shop.yml has a mistake
+-- IndexBroken          no generation of the index passes its checksums
+-- FilterError          a search filter names no facet of the shop, or a value its facet cannot have
+-- KnowledgeError       a file of knowledge about goods has a mistake; says where
+-- EncoderUnavailable   the sentence encoder is not built and cannot be built here
"""


class CatalogError(Exception):
    """Root of everything the catalog raises; its text is fit to be shown to a person."""


class FeedError(CatalogError):
    """A feed that nothing can be read from, or that would empty the shop."""


class ShopError(CatalogError):
    """A shop folder or shop.yml that cannot be used; says what to change."""


class IndexBroken(CatalogError):
    """No stored generation of the index is whole."""


class EncoderUnavailable(CatalogError):
    """The sentence encoder cannot be loaded; says how to get it."""


class FilterError(CatalogError):
    """A filter that cannot be understood; says what the facet takes."""


class KnowledgeError(CatalogError):
    """A file of knowledge that cannot be used; says the file, the line, what was found and what is allowed."""
