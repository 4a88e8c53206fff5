"""What can go wrong in the advisor.

AdvisorError
+-- WordingError    a wording file is missing, or an entry of it is; names file and entry
"""


class AdvisorError(Exception):
    """Root of everything the advisor raises."""


class WordingError(AdvisorError):
    """A wording file, or an entry in it, is missing or malformed."""
