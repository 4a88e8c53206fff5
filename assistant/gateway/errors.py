"""What can go wrong in the gateway; each error is answered as a problem (RFC 9457).

GatewayError
    +-- RequestRefused              the request is at fault: status, kind and what to do stand in it
    |   +-- BadInput         422  what was sent cannot be used
    |   +-- NotSignedIn      401  no token, or one that cannot be read
    |   +-- NotAllowed       403  a token, but not the one of this conversation
    |   +-- NotFound         404  nothing is there, or no longer
    |   +-- Conflict         409  it does not fit what is there
    |   +-- TooMuch          429  too many requests in a short time
    |   +-- NotReady         503  a part of the house is missing
    +-- EngineError          the dialogue engine did not answer the turn; shoppers get an apology
        +-- EngineDone       it did the turn before, and cannot say any more what it answered
        +-- EngineDown       it cannot be reached at all
        +-- EngineFailed     it answered that it could not do it, or answered nonsense
        +-- EngineSlow       it did not answer in time
"""

from __future__ import annotations


class GatewayError(Exception):
    """Root of everything the gateway raises."""


class RequestRefused(GatewayError):
    """A request that is not carried out.

    Args:
        detail: what was found, what is allowed, what to do; fit to be shown to a person.
        retry_after: seconds after which trying again makes sense.
        extra: further members of the problem document.
    """

    status = 400
    kind = "bad-request"
    title = "The request cannot be carried out"

    def __init__(self, detail: str, *, retry_after: int | None = None, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        self.extra = extra


class BadInput(RequestRefused):
    """What was sent cannot be used."""

    status, kind, title = 422, "bad-input", "The request cannot be understood"


class NotSignedIn(RequestRefused):
    """No token was sent, or one nobody has."""

    status, kind, title = 401, "token-missing", "A token is needed"


class NotAllowed(RequestRefused):
    """The token belongs to something else."""

    status, kind, title = 403, "token-wrong", "The token does not fit"


class NotFound(RequestRefused):
    """Nothing is there, or it was erased."""

    status, kind, title = 404, "not-found", "Not found"


class Conflict(RequestRefused):
    """It does not fit what is there."""

    status, kind, title = 409, "conflict", "That does not fit what is there"


class TooMuch(RequestRefused):
    """Too many requests in a short time."""

    status, kind, title = 429, "too-many-requests", "Too many requests"


class NotReady(RequestRefused):
    """A part of the house is missing."""

    status, kind, title = 503, "not-ready", "Not ready"


class EngineError(GatewayError):
    """The dialogue engine did not answer the turn."""


class EngineDone(EngineError):
    """The turn was done before, and its answer is lost."""


class EngineDown(EngineError):
    """The dialogue engine cannot be reached."""


class EngineFailed(EngineError):
    """The dialogue engine, or a part behind it, could not do the turn."""


class EngineSlow(EngineError):
    """The dialogue engine did not answer within the deadline."""
