"""What can go wrong with the stored shoppers.

StoreError
    +-- StoreUnavailable   the database cannot be opened, read or written now
    +-- UnknownShopper     no shopper has this id
"""


class StoreError(Exception):
    """Root of everything the shopper store raises; its text is fit to be shown to a person."""


class StoreUnavailable(StoreError):
    """The database file cannot be used now; says which file and why."""


class UnknownShopper(StoreError):
    """A shopper who was never here, or who was erased."""
