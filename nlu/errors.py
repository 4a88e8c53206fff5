"""What can go wrong in language understanding.

NluError
+-- PhrasesInvalid    a training-phrase file has a mistake; names the file and the line
+-- NotTrained        the intent model is missing and cannot be built here
"""


class NluError(Exception):
    """Root of everything language understanding raises."""


class PhrasesInvalid(NluError):
    """A file of training phrases that cannot be used."""


class NotTrained(NluError):
    """The intent model is missing and cannot be built here."""
