"""What can go wrong in speech.

SpeechError
+-- ModelBroken        the folder is there, but the recognizer cannot be started from it
+-- RecognitionFailed  a piece of sound could not be decoded
+-- BadStart           an utterance was announced in a way the worker does not understand
"""


class SpeechError(Exception):
    """Root of everything the speech room raises."""


class ModelBroken(SpeechError):
    """A model folder that no recognizer can be started from; names the folder."""


class RecognitionFailed(SpeechError):
    """The recognizer gave up on a piece of sound."""


class BadStart(SpeechError):
    """The first frame of an utterance is not a start the worker understands."""
