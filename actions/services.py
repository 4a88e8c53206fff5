"""Everything the actions need, loaded once per process: the shop, its language, its advisor, its shoppers."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from assistant.settings import ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.advisor.state import DialogueState
    from assistant.advisor.turn import TurnOutcome
    from assistant.advisor.types import Move, Profile
    from catalog.search.encoder import Encoder
    from catalog.types import Constraint
    from nlu.types import ParsedMessage

logger = logging.getLogger(__name__)

WORDING = ROOT / "assistant" / "dialogue" / "wording"


class NotLoaded(RuntimeError):
    """Asked for the services before ``install`` was called."""


class Understands(Protocol):
    """What the server needs of ``nlu.parser.Parser``."""

    def parse(self, text: str) -> ParsedMessage:
        """Understand a text; never raises."""
        ...


class Advises(Protocol):
    """What an action needs of ``assistant.advisor.turn.Advisor``."""

    def take_turn(
        self,
        state: DialogueState,
        *,
        move: Move,
        message: ParsedMessage | None = None,
        choice_id: str | None = None,
        profile: Profile | None = None,
        may_remember: bool = False,
    ) -> TurnOutcome:
        """Answer what the shopper did."""
        ...


class Remembers(Protocol):
    """What an action needs of ``assistant.stores.ports.ShopperStore``."""

    def profile(self, shopper_id: str) -> tuple[Constraint, ...]:
        """Everything remembered; empty without consent."""
        ...

    def remember(self, shopper_id: str, constraints: Sequence[Constraint]) -> int:
        """Keep lasting wishes."""
        ...

    def forget(self, shopper_id: str, facets: Sequence[str]) -> int:
        """Forget what is known about some facets."""
        ...

    def forget_all(self, shopper_id: str) -> int:
        """Forget the profile."""
        ...


class Follows(Protocol):
    """What keeps the services up to date, such as ``actions.hot_reload.ShopReloader``."""

    def stale(self) -> bool:
        """Whether the shop changed; takes microseconds."""
        ...

    def refresh(self, parts: ActionServices) -> ActionServices:
        """The services of the shop as it is now; takes milliseconds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionServices:
    """The parts a turn is made of; shared by every thread."""

    advisor: Advises
    """Answers."""
    parser: Understands
    """Reads messages; one at a time, see ``parse``."""
    shoppers: Remembers
    """Profiles of shoppers who agreed to one."""
    shop: str = ""
    """Name of the shop."""
    products: int = 0
    """How many it sells."""
    meaning: bool = False
    """Whether the search by meaning works."""
    seconds: float = 2.0
    """How long a turn may take here."""
    follow: Follows | None = None
    """Keeps all this up to date with the shop's folder; None when nothing does."""
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def parse(self, text: str) -> ParsedMessage:
        """Understand a text; the pipeline reuses its memory, so one text is read after the other."""
        with self._reading:
            return self.parser.parse(text)


def load(settings: Settings) -> ActionServices:
    """Read the shop and build what serves it; takes a few seconds.

    Raises:
        CatalogError: the shop is missing or broken; the text says what to do.
        NluError: language understanding cannot be built.
        StoreError: the shoppers' database cannot be opened.
    """
    from actions.hot_reload import ShopReloader
    from assistant.advisor.wording import Wording
    from assistant.stores.stores import Stores
    from catalog.live.live_shop import LiveShop

    encoder = load_encoder(settings)
    follower = ShopReloader(settings, encoder)
    live = LiveShop(settings.shop, encoder, prepare=follower.prepare)
    follower.begin(live, lambda locale: Wording.load(WORDING, locale))
    view = live.view
    return ActionServices(
        advisor=follower.advisor(view),
        parser=follower.parser(view),
        shoppers=Stores.open(settings.database_url).shoppers,
        shop=view.catalog.config.name,
        products=len(view.catalog),
        meaning=view.search.meaning("something") is not None,
        seconds=max(0.5, settings.turn_deadline * 0.8),
        follow=follower,
    )


def load_encoder(settings: Settings) -> Encoder | None:
    """The encoder of sentences; a shop works without it, by words alone."""
    from catalog.errors import EncoderUnavailable
    from catalog.search.encoder import Encoder

    try:
        return Encoder.load(settings.models, settings.encoder)
    except EncoderUnavailable as error:
        logger.warning("Search by meaning is off: %s", error)
        return None


_installed: list[ActionServices] = []


def install(services: ActionServices) -> None:
    """Make the services known to every action of this process."""
    _installed[:] = [services]


def get() -> ActionServices:
    """Return the services; actions are built by the SDK with no arguments, so they ask here.

    Raises:
        NotLoaded: nothing was installed yet.
    """
    if not _installed:
        raise NotLoaded("The shop is still being loaded; /health answers 200 once it is.")
    return _installed[0]


_following = threading.Lock()


def fresh() -> ActionServices:
    """Return the services of the shop as it is now; may take milliseconds, so not on the event loop.

    Raises:
        NotLoaded: nothing was installed yet.
    """
    parts = get()
    if parts.follow is None or not parts.follow.stale():
        return parts
    with _following:
        parts = get()
        if parts.follow is not None and parts.follow.stale():
            parts = parts.follow.refresh(parts)
            install(parts)
        return parts
