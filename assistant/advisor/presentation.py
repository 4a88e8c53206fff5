"""From a view of the search to what the shopper sees: cards, the question, quick replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assistant.advisor.search_view import CARDS, SearchView
from assistant.advisor.state import OFFERS_KEPT, ChoiceEffect, DialogueState
from assistant.advisor.types import (
    AskedQuestion,
    Option,
    OptionKind,
    Question,
    ShownProduct,
    Suggestion,
)
from assistant.advisor.wording import Wording
from catalog.ranking.questions import Answer, FacetQuestion
from catalog.store import Catalog, Mask
from catalog.types import Constraint, Facet, FacetKind, Operator, Product, Value, Variant

FEW = 3
"""So many products that meet every wish are always shown, and first, even if they were before."""


@dataclass(slots=True)
class Offers:
    """Hands out choice ids for one turn and remembers what each does."""

    turn: int
    """The turn the ids belong to."""
    effects: dict[str, ChoiceEffect] = field(default_factory=dict)
    """Choice id -> what it does."""

    def add(self, offer: ChoiceEffect) -> str:
        """Return a new choice id."""
        choice_id = f"{self.turn}.{len(self.effects)}"
        self.effects[choice_id] = offer
        return choice_id

    def merged(self, older: dict[str, ChoiceEffect]) -> dict[str, ChoiceEffect]:
        """Return the older offers and these, the newest kept when there are too many."""
        everything = {**older, **self.effects}
        return dict(list(everything.items())[-OFFERS_KEPT:])


def cards(
    catalog: Catalog, wording: Wording, state: DialogueState, view: SearchView, *, fresh: bool
) -> tuple[ShownProduct, ...]:
    """Return the products to show, best first, each with the wishes it meets and does not meet.

    Args:
        catalog: The shop.
        wording: Texts.
        state: For what was shown before.
        view: The search as it stands.
        fresh: Leave out everything shown before ("show me more").
    """
    leave_out = None
    if fresh:
        leave_out = np.zeros(len(catalog), dtype=bool)
        rows = [catalog.position(product_id) for product_id in state.shown or {}]
        leave_out[[row for row in rows if row is not None]] = True
    rows_shown = view.best(CARDS, leave_out=leave_out)
    if state.meaning and view.wishes and not view.nearest:
        # Free words order what fits; they lift nothing above it that does not.
        unfit = ~view.candidates.fitting
        fit = view.best(CARDS, leave_out=unfit if leave_out is None else unfit | leave_out)
        rows_shown = [*fit, *rows_shown]
    fitting = np.flatnonzero(view.candidates.fitting)
    if not fresh and view.wishes and len(fitting) <= FEW:
        rows_shown = [*(int(row) for row in fitting), *rows_shown]
    rows_shown = list(dict.fromkeys(rows_shown))[:CARDS]
    rows_shown.sort(key=lambda row: not view.candidates.fitting[row])
    return tuple(card(catalog, wording, catalog.products[row], view, state) for row in rows_shown)


def varied(
    catalog: Catalog, wording: Wording, state: DialogueState, view: SearchView, asked: Question
) -> tuple[ShownProduct, ...]:
    """Return one product for each answer of the question: a picture of the range, not a choice."""
    picks: list[int] = []
    for option in asked.options:
        if option.kind is OptionKind.ANY:
            continue
        others = ~_behind_option(catalog, asked.facet, option)
        others[picks] = True
        picks += view.candidates.best(1, leave_out=others)
    rows = picks[:CARDS] + [row for row in view.candidates.best(2 * CARDS) if row not in picks]
    rows = view.pinned(rows, CARDS)
    return tuple(card(catalog, wording, catalog.products[row], view, state) for row in rows)


def _behind_option(catalog: Catalog, facet: str, option: Option) -> Mask:
    """[n] True for the products behind an offered answer."""
    limits: list[tuple[Operator, Value]] = []
    if option.value is not None:
        limits.append((Operator.EQ, option.value))
    if option.min is not None:
        limits.append((Operator.GE, option.min))
    if option.max is not None:
        limits.append((Operator.LT, option.max))
    fitting = catalog.available.copy()
    for operator, value in limits:
        fitting &= catalog.matches(Constraint(facet=facet, operator=operator, values=(value,)))
    return fitting


def _beside_price(catalog: Catalog, view: SearchView) -> bool:
    """Whether wishes about more than the price tell variants apart."""
    return catalog.concerns_variants([wish for wish in view.wishes if wish.facet != "price"])


def _standing(
    catalog: Catalog, wording: Wording, product: Product, row: int | None, view: SearchView
) -> tuple[list[str], list[str]]:
    """Return the wishes a product meets and those it does not, worded."""
    met, unmet = [], []
    for wish, holds in zip(view.wishes, view.candidates.met, strict=True):
        text = wish_text(wording, catalog, wish)
        if row is None or not bool(catalog.known(wish.facet)[row]):
            unmet.append(wording.say("wish.unknown", wish=text))
        elif bool(holds[row]):
            met.append(text)
        else:
            sold_out = bool(variants_of(catalog, row, [wish]))
            unmet.append(wording.say("wish.sold_out", wish=text) if sold_out else text)
    varied = bool(product.variants) and catalog.concerns_variants(view.wishes)
    if varied and not unmet and row is not None and not catalog.fits(view.wishes)[row]:
        unmet.append(wording.say("wish.not_together"))
    return met, unmet


def card(
    catalog: Catalog, wording: Wording, product: Product, view: SearchView, state: DialogueState
) -> ShownProduct:
    """Return one product with how it stands to every wish."""
    row = catalog.position(product.id)
    met, unmet = _standing(catalog, wording, product, row, view)
    variant = None if row is None else catalog.fitting_variant(row, view.wishes)
    why = ""
    if view.wishes and not unmet:
        why = wording.say("why_card.all")
    elif met:
        why = wording.say("why_card.some", met=len(met), total=len(view.wishes))
    elif state.meaning:
        why = wording.say("why_card.meaning")
    if variant is not None and _beside_price(catalog, view):
        why = " ".join(
            part for part in (why, wording.say("why_card.variant", variant=variant.title)) if part
        )
        product = replace(
            product,
            price=variant.price or product.price,
            availability=variant.availability,
            image_url=variant.image_url or product.image_url,
        )
    if view.paid(row):
        why = " ".join(part for part in (why, wording.say("why_card.paid")) if part)
    return ShownProduct(product=product, met=tuple(met), unmet=tuple(unmet), why=why)


def variants_of(catalog: Catalog, row: int, wishes: Sequence[Constraint]) -> list[Variant]:
    """Return the variants of a product that meet what is about variants, sold out or not."""
    rows = catalog.variant_rows
    if not catalog.products[row].variants or not catalog.concerns_variants(wishes):
        return []
    first, last = np.searchsorted(rows.products, [row, row + 1])
    met = catalog.variants_meeting(wishes)[first:last]
    return [rows.variants[first + int(at)] for at in np.flatnonzero(met)]


def question(
    wording: Wording,
    found: FacetQuestion,
    view: SearchView,
    state: DialogueState,
    offers: Offers,
    *,
    nouns: str,
) -> Question:
    """Word a computed question and register its answers."""
    facet = found.facet
    options = [
        _option(wording, facet, answer, len(found.answers), offers) for answer in found.answers
    ]
    options = _ordered(options, facet)
    anything = offers.add(ChoiceEffect(kind="any", facet=facet.key))
    counts = [option.count for option in options]
    options.append(
        Option(
            choice_id=anything,
            label=wording.say("option.any"),
            count=int(view.pool.sum()),
            kind=OptionKind.ANY,
        )
    )
    return Question(
        facet=facet.key,
        label=facet.label,
        text=_question_text(wording, facet, state),
        reason=wording.say(
            "reason",
            count=wording.count(int(view.pool.sum())),
            nouns=nouns,
            least=wording.count(min(counts)),
            most=wording.count(max(counts)),
        ),
        options=tuple(options),
    )


def repeated(catalog: Catalog, view: SearchView, asked: AskedQuestion) -> FacetQuestion | None:
    """Return a question as it was put, with the counts of now; None when it no longer splits anything."""
    facet = catalog.facets.get(asked.facet)
    if facet is None:
        return None
    answers = [
        Answer(value=value, count=_behind(catalog, view, facet, [(Operator.EQ, value)]))
        for value in asked.values
    ]
    for low, high in asked.ranges:
        bounds = ((Operator.GE, low), (Operator.LT, high))
        limits = [(operator, bound) for operator, bound in bounds if bound is not None]
        count = _behind(catalog, view, facet, limits)
        answers.append(Answer(minimum=low, maximum=high, count=count))
    alive = tuple(answer for answer in answers if answer.count)
    if len(alive) < 2:
        return None
    return FacetQuestion(facet=facet, answers=alive, gain=0.0, value=0.0)


def _behind(
    catalog: Catalog, view: SearchView, facet: Facet, limits: Sequence[tuple[Operator, Value]]
) -> int:
    """Return how many of the products a question is about keep to all limits."""
    fitting = view.pool.copy()
    for operator, value in limits:
        fitting &= catalog.matches(Constraint(facet=facet.key, operator=operator, values=(value,)))
    return int(fitting.sum())


def _question_text(wording: Wording, facet: Facet, state: DialogueState) -> str:
    # A question that was passed by has no answer yet that could be made more exact.
    if any(wish.facet == facet.key for wish in state.constraints):
        key = "finer" if facet.kind is FacetKind.NUMBER else "besides"
        return wording.say(f"question.{key}", label=facet.label)
    if facet.question:
        return facet.question
    if facet.key == "price":
        return wording.say("question.price")
    if facet.kind is FacetKind.FLAG:
        if wording.is_quality(facet.label):
            return wording.say("question.quality", label=facet.label)
        return wording.say("question.flag", label=facet.label[:1].upper() + facet.label[1:])
    return wording.say(f"question.{facet.kind.value}", label=facet.label)


def _option(wording: Wording, facet: Facet, answer: Answer, answers: int, offers: Offers) -> Option:
    if answer.value is not None:
        offer = ChoiceEffect(kind="value", facet=facet.key, values=(answer.value,), answers=answers)
        return Option(
            choice_id=offers.add(offer),
            label=_value_label(wording, facet, answer),
            count=answer.count,
            kind=OptionKind.VALUE,
            value=answer.value,
        )
    bounds = (answer.minimum, answer.maximum)
    offer = ChoiceEffect(kind="range", facet=facet.key, values=bounds, answers=answers)
    return Option(
        choice_id=offers.add(offer),
        label=wording.range(answer.minimum, answer.maximum, facet.unit),
        count=answer.count,
        kind=OptionKind.RANGE,
        min=answer.minimum,
        max=answer.maximum,
    )


def _value_label(wording: Wording, facet: Facet, answer: Answer) -> str:
    for entry in facet.values:
        if entry.value == answer.value and isinstance(entry.value, bool) == isinstance(
            answer.value, bool
        ):
            return entry.label
    return wording.value(answer.value if answer.value is not None else "", facet)


def _ordered(options: list[Option], facet: Facet) -> list[Option]:
    """Numbers ascending, yes before no, other values with the most products first."""
    if facet.kind is FacetKind.FLAG:
        return sorted(options, key=lambda option: option.value is not True)
    if facet.kind is FacetKind.NUMBER:
        return options
    return sorted(options, key=lambda option: -option.count)


def suggestions(
    wording: Wording,
    view: SearchView,
    shown: Sequence[ShownProduct],
    asked: Question | None,
    state: DialogueState,
    offers: Offers,
) -> tuple[Suggestion, ...]:
    """Return the quick replies that help beside the answers to the question."""
    offered: list[Suggestion] = []

    def add(key: str, move: str) -> None:
        choice = offers.add(ChoiceEffect(kind="say", values=(move,)))
        offered.append(Suggestion(choice_id=choice, label=wording.say(f"suggest.{key}")))

    if shown and int(view.candidates.allowed.sum()) > len(shown):
        add("more", "more")
    if asked is None and len(shown) > 1:
        add("compare", "compare")
    if state.history:
        add("undo", "undo")
    return tuple(offered)


def note_question(state: DialogueState, found: FacetQuestion | None) -> DialogueState:
    """Record that a question was put, and how many answers it offered."""
    if found is None:
        return replace(state, pending="")
    question_put = AskedQuestion(
        facet=found.facet.key,
        signature=found.signature,
        values=tuple(a.value for a in found.answers if a.value is not None),
        ranges=tuple((a.minimum, a.maximum) for a in found.answers if a.value is None),
    )
    offered = {**(state.offered or {}), found.facet.key: len(found.answers)}
    return replace(
        state, asked=(*state.asked, question_put), offered=offered, pending=found.facet.key
    )


def note_shown(state: DialogueState, shown: Sequence[ShownProduct]) -> DialogueState:
    """Record what was shown."""
    counts = dict(state.shown or {})
    for card in shown:
        counts[card.product.id] = counts.get(card.product.id, 0) + 1
    return replace(state, shown=counts, last_shown=tuple(card.product.id for card in shown))


def worded(
    wording: Wording, catalog: Catalog, wishes: Sequence[Constraint]
) -> tuple[tuple[Constraint, str], ...]:
    """Return every wish with its wording."""
    return tuple((wish, wish_text(wording, catalog, wish)) for wish in wishes)


def wish_text(wording: Wording, catalog: Catalog, wish: Constraint) -> str:
    """Return a wish as a short phrase, with the facet's name where the value alone is ambiguous."""
    shared = any(
        isinstance(value, str) and value.casefold() in catalog.shared_values
        for value in wish.values
    )
    return wording.wish(wish, catalog.facets.get(wish.facet), shared=shared)
