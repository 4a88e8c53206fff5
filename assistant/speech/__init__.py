"""Speech to text: a recognizer per utterance around one model, in a process of its own.

The worker (``python -m assistant.speech``) is reached by the gateway over a loopback websocket and
knows nothing of conversations: sound goes in, words come out. See ``protocol`` for what they say
to each other.
"""
