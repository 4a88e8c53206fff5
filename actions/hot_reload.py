"""Keeps what serves a turn up to date with the shop: prices at once, words a moment later, imports when read."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from actions.services import ActionServices, Understands
    from assistant.advisor.turn import Advisor
    from assistant.advisor.wording import Wording
    from assistant.settings import Settings
    from catalog.knowledge.types import ShopKnowledge
    from catalog.live.live_shop import LiveShop, ShopSnapshot
    from catalog.search.encoder import Encoder

logger = logging.getLogger(__name__)

WARMING = "something red under 50, please"


class ShopReloader:
    """Makes the advisor and the parser of a shop, and makes them anew when the shop changes.

    The advisor is a thin thing over the catalog and is made anew at once. The parser takes a second or two,
    so it is made in a thread; until it is there the one before goes on, which knows every word but the
    newest.

    Args:
        settings: Of this process.
        encoder: None leaves meaning out.
    """

    def __init__(self, settings: Settings, encoder: Encoder | None) -> None:
        self._settings = settings
        self._encoder = encoder
        self._live: LiveShop | None = None
        self._wording: Callable[[str], Wording] | None = None
        self._seen: ShopSnapshot | None = None
        self._lock = threading.Lock()
        self._made: dict[tuple[str, int], Understands] = {}
        self._wanted: tuple[str, int] | None = None
        self._goods: dict[str, tuple[ShopKnowledge, ...]] = {}

    def begin(self, live: LiveShop, wording: Callable[[str], Wording]) -> None:
        """Follow a shop; ``wording`` gives what is said in a language."""
        self._live, self._wording, self._seen = live, wording, live.view

    def prepare(self, view: ShopSnapshot) -> None:
        """Make the parser of an import that was just read, before the import is served."""
        parser = self._build(view)
        with self._lock:
            self._made[_key(view)] = parser

    def stale(self) -> bool:
        """Whether ``refresh`` would change anything; takes microseconds."""
        live = self._live
        return live is not None and (
            live.stale() or live.view is not self._seen or _key(live.view) in self._made
        )

    def refresh(self, parts: ActionServices) -> ActionServices:
        """The services of the shop as it is now."""
        if self._live is None:
            return parts
        view, before = self._live.refresh(), self._seen
        self._seen = view
        with self._lock:
            parser = self._made.pop(_key(view), None)
            for old in [key for key in self._made if key[0] == view.generation]:
                del self._made[old]
        if parser is not None:
            parts = replace(parts, parser=parser)
        elif before is None or _key(before) != _key(view):
            self._renew(view)
        return replace(
            parts,
            advisor=self.advisor(view),
            shop=view.catalog.config.name,
            products=len(view.catalog),
        )

    def advisor(self, view: ShopSnapshot) -> Advisor:
        """The advisor of a state of the shop."""
        from assistant.advisor.turn import Advisor

        if self._wording is None:
            raise RuntimeError("begin() comes first")
        wording = self._wording(view.catalog.config.locale[:2].lower())
        return Advisor(view.catalog, wording, view.search, self._known(view))

    def parser(self, view: ShopSnapshot) -> Understands:
        """The parser of a state of the shop; takes a second or two."""
        return self._build(view)

    def _known(self, view: ShopSnapshot) -> tuple[ShopKnowledge, ...]:
        """What is known of the goods of an import; its kinds do not change with a price."""
        from catalog.knowledge.recognition import known_goods

        known = self._goods.get(view.generation)
        if known is None:
            known = known_goods(view.catalog, self._settings.shop / "knowledge")
            self._goods = {view.generation: known}
        return known

    def _renew(self, view: ShopSnapshot) -> None:
        """Make the parser of a state in a thread; when several states follow each other, of the last."""
        with self._lock:
            waiting, self._wanted = self._wanted is not None, _key(view)
        if not waiting:
            threading.Thread(target=self._renew_all, name="new-words", daemon=True).start()

    def _renew_all(self) -> None:
        while True:
            live = self._live
            if live is None:
                return
            view = live.view
            try:
                parser: Understands | None = self._build(view)
            except Exception:
                logger.exception("New words of the shop are not understood until the next change.")
                parser = None
            with self._lock:
                if parser is not None:
                    self._made[_key(view)] = parser
                if parser is None or self._wanted == _key(view):
                    self._wanted = None
                    return

    def _build(self, view: ShopSnapshot) -> Understands:
        from catalog.vocabulary import build_vocabulary
        from nlu.parser import Parser

        parser = Parser.load(
            build_vocabulary(view.catalog, self._known(view)),
            language=view.catalog.config.locale[:2].lower(),
            encoder=self._encoder,
            models=self._settings.models,
        )
        parser.parse(WARMING)
        return parser


def _key(view: ShopSnapshot) -> tuple[str, int]:
    """What the words of a shop depend on."""
    return view.generation, view.words
