"""What can go wrong with what is stored.

StoreError
    +-- StoreUnavailable   the database cannot be opened, read or written now
    +-- UnknownShopper     no shopper has this id
    +-- UnknownConversation   no conversation has this id
"""


class StoreError(Exception):
    """Root of everything the stores raise; its text is fit to be shown to a person."""


class StoreUnavailable(StoreError):
    """The database cannot be used now; says which one and why."""


class UnknownShopper(StoreError):
    """A shopper who was never here, or who was erased."""


class UnknownConversation(StoreError):
    """A conversation that never was, or that was erased."""
