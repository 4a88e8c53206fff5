"""What can go wrong in language understanding.

NluError
+-- PhrasesInvalid    a training-phrase file has a mistake; names the file and the line
+-- ParseTooSlow      a message takes too long to be understood; it is given up
+-- NotTrained        the intent model is missing and cannot be built here
"""


class NluError(Exception):
    """Root of everything language understanding raises."""


class PhrasesInvalid(NluError):
    """A file of training phrases that cannot be used."""


class ParseTooSlow(NluError):
    """A message that took too long."""


class NotTrained(NluError):
    """The intent model is missing and cannot be built here."""
