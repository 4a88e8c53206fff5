"""What a turn works on: the state as it changes, the sentences said so far, what is to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.advisor import no_match, presentation
from assistant.advisor.constraint_merge import (
    add_wishes,
    is_opposite,
    lifts_refusal,
    overruled_by,
    quietly_replaced,
    standing_beside,
)
from assistant.advisor.in_context import MessageEffect, beside
from assistant.advisor.naming import NamedProduct
from assistant.advisor.search_view import MeaningSearch, SearchView, build_view, next_question
from assistant.advisor.state import ChoiceEffect, DialogueState, withdrawal
from assistant.advisor.types import (
    AskedQuestion,
    Move,
    Profile,
    ProfileChange,
    Question,
    Reply,
    ShownProduct,
    Suggestion,
)
from assistant.advisor.wording import Wording
from catalog.knowledge.types import ShopKnowledge
from catalog.ranking.questions import FacetQuestion
from catalog.store import Catalog
from catalog.types import Constraint, Origin
from nlu.types import ParsedMessage

WORDS_REPEATED = 8
"""Words of a description that are repeated; a longer one would be an echo of half a story."""
MEANINGS_KEPT = 4
"""Wishes in free words that count; older ones fade out."""


SENTENCE_ENDS = '.!?:…”“"\n'
"""What a sentence may end with."""


@dataclass(slots=True, kw_only=True)
class Context:
    """A turn under way; the only thing in the advisor that changes."""

    catalog: Catalog
    """The shop."""
    wording: Wording
    """Texts."""
    search: MeaningSearch | None
    """Search by meaning and title."""
    state: DialogueState
    """The conversation, as changed so far in this turn."""
    profile: Profile | None
    """What is known of the shopper; None without consent."""
    may_remember: bool
    """Whether the shopper agreed to be remembered."""
    message: ParsedMessage | None
    """What was said."""
    goods: tuple[ShopKnowledge, ...] = ()
    """What is known of the kinds of goods the shop sells."""
    mentioned: NamedProduct | None = None
    """The product that the message names outright."""
    unknown_code: str = ""
    """The item number that the message consists of and no product has."""
    sentences: list[str] = field(default_factory=list)
    """The reply so far."""
    cards: tuple[ShownProduct, ...] = ()
    """Products to show."""
    question: Question | None = None
    """Question to put."""
    extra: list[Suggestion] = field(default_factory=list)
    """Quick replies that come before the usual ones."""
    search_changed: bool = False
    """True when the message changed what is looked for."""
    admitted: bool = False
    """True when it was said that something cannot be answered."""
    again: bool = False
    """True when the products are only shown again, after a digression."""
    stale: bool = False
    """True when a quick reply was chosen that is no longer known."""
    learnt: list[Constraint] = field(default_factory=list)
    """Lasting wishes said in this turn."""
    forgot: list[str] = field(default_factory=list)
    """Facets to forget."""
    forgot_all: bool = False
    """True when everything is to be forgotten."""
    ranked: list[FacetQuestion] = field(default_factory=list)
    """Questions considered, for the trace."""
    offers: presentation.Offers = field(init=False)
    """Quick replies of this turn."""
    _view: SearchView | None = None
    _echoed: str = ""

    def __post_init__(self) -> None:
        """Start the quick replies of this turn."""
        self.offers = presentation.Offers(turn=self.state.turn)

    @property
    def nouns(self) -> str:
        """The plural of what is sold."""
        return self.catalog.config.nouns

    def say(self, key: str, **values: object) -> None:
        """Add a sentence to the reply."""
        facts = {
            "noun": self.catalog.config.noun,
            "nouns": self.nouns,
            "total": self.wording.count(len(self.catalog)),
            "contact": self.catalog.config.contact,
        }
        text = self.wording.say(key, self.state.turn, **{**facts, **values})
        title = str(values.get("title") or values.get("titles") or "")
        # A product is called what the shop calls it, also at the beginning of a sentence.
        begins = bool(title) and text.startswith(title)
        self.sentences.append(text if begins else text[:1].upper() + text[1:])

    def view(self) -> SearchView:
        """Return the search as it stands; computed once until the state changes."""
        if self._view is None:
            self._view = build_view(self.catalog, self.state, self.profile, self.search)
        return self._view

    def wish_texts(self, wishes: Sequence[Constraint]) -> str:
        """Return wishes as "a, b and c"."""
        texts = [text for _, text in presentation.worded(self.wording, self.catalog, wishes)]
        return self.wording.join(list(dict.fromkeys(texts)))

    def update(self, state: DialogueState) -> None:
        """Replace the state."""
        self.state = state
        self._view = None

    def apply(self, understood: MessageEffect, *, quick: bool = False) -> None:
        """Take what was said into the state, and say that it was heard.

        Args:
            understood: What the message or quick reply changes.
            quick: A quick reply was clicked; its words need no echo.
        """
        self.search_changed = True
        understood = self._put_right(understood)
        before = self.state
        state = self.state.remembered()
        if understood.gift and not state.gift:
            state = replace(state, gift=True)
            has_profile = self.profile is not None and bool(self.profile.constraints)
            self.say("gift" if has_profile else "gift_plain")
        if understood.dropped or understood.withdrawn:
            state = self._drop(state, understood)
        if understood.wishes:
            state = self._add(state, understood, quick=quick)
        if understood.like:
            state = self._like(state, understood.like)
        if understood.meaning:
            words = understood.meaning
            descriptions = (*(m for m in state.meaning if m != words), words)[-MEANINGS_KEPT:]
            state = replace(state, meaning=descriptions)
            key = "meaning" if words.count(" ") < WORDS_REPEATED else "meaning_long"
            self.say(key, words=words)
        if understood.answer:
            state = _answered(state, understood.answer)
            if understood.answer != "value":
                self.say(understood.answer)
        self.update(replace(state, misses=0, history=state.history or before.history))
        self._say_learnt()

    def _add(
        self, state: DialogueState, understood: MessageEffect, *, quick: bool
    ) -> DialogueState:
        """Add wishes to those held, and say which ones no longer count beside them."""
        outdated = overruled_by(understood.wishes, state.constraints, self.catalog)
        still = tuple(wish for wish in state.constraints if wish not in outdated)
        state = replace(state, constraints=still)
        alternatives = standing_beside(understood.wishes, state.constraints, self.catalog)
        new_wishes = (*beside(self.catalog, state, understood), *alternatives, *understood.wishes)
        replaced = quietly_replaced(understood.wishes, state.constraints, self.catalog)
        state = replace(state, constraints=add_wishes(state.constraints, new_wishes))
        outdated += [old for old in replaced if old not in state.constraints]
        if outdated:
            self.say("dropped", wishes=self.wish_texts(outdated))
        spoken = {wish.facet for wish in understood.wishes}
        profile_facets = {c.facet for c in self.profile.constraints} if self.profile else set()
        lifted = (
            *state.profile_overridden,
            *sorted((spoken & profile_facets) - set(state.profile_overridden)),
        )
        self.learnt += [wish for wish in understood.wishes if wish.lasting and not state.gift]
        volunteered = any(wish.origin is Origin.SAID for wish in understood.wishes)
        if volunteered and not quick:
            # All of them: one left out would build_view as if it had not been heard.
            self._echo(understood.wishes)
        return replace(state, profile_overridden=lifted)

    def say_unsupported(self, understood: MessageEffect) -> None:
        """Say what was asked for that the catalog cannot tell: nothing that was said is passed over."""
        self.admitted = True
        if understood.unused:
            self.say("unused", words=self.wording.join(list(understood.unused)))
        if understood.unwanted:
            self.say("unwanted", words=understood.unwanted)
        for key in understood.unmeasured:
            facet = self.catalog.facets.get(key)
            if facet is not None:
                self.say("unmeasured", label=facet.label)
            else:
                self.say("no_prices" if key == "price" else "catalog.no_measure")

    def _put_right(self, understood: MessageEffect) -> MessageEffect:
        """Take "not vegan today" from a vegan as leaving a lasting wish out, not as its opposite.

        Said in answer to what is known of the shopper, it also corrects what is known.
        """
        profile_wishes = self.profile.constraints if self.profile and not self.state.gift else ()
        lasting = [*profile_wishes, *(wish for wish in self.state.constraints if wish.lasting)]
        undone = tuple(
            wish
            for wish in understood.wishes
            if not wish.lasting and any(is_opposite(wish, old) for old in lasting)
        )
        corrects = {wish.facet for wish in undone}
        if 0 < self.state.profile_shown_turn == self.state.turn - 1:
            corrects |= {
                old.facet
                for old in profile_wishes
                for wish in understood.wishes
                if lifts_refusal(wish, old)
            }
            about = tuple(old for old in profile_wishes if old.facet in corrects)
            if about:
                self.forgot += sorted(corrects)
                self.say("profile_forgot", wishes=self.wish_texts(about))
        if not undone:
            return understood
        other_wishes = tuple(wish for wish in understood.wishes if wish not in undone)
        dropped = (*understood.dropped, *(wish.facet for wish in undone))
        return replace(understood, wishes=other_wishes, dropped=tuple(dict.fromkeys(dropped)))

    def _drop(self, state: DialogueState, understood: MessageEffect) -> DialogueState:
        """Take back all wishes about some facets, and single ones whose facet keeps another."""
        single_wishes = set(understood.withdrawn)
        wishes = self.view().wishes
        emptied = {wish.facet for wish in single_wishes} - {
            w.facet for w in wishes if w not in single_wishes
        }
        facets = (*understood.dropped, *sorted(emptied - set(understood.dropped)))
        dropped_wishes = [wish for wish in wishes if wish.facet in facets or wish in single_wishes]
        other_wishes = tuple(wish for wish in state.constraints if wish not in dropped_wishes)
        meaning = () if "*" in facets else state.meaning
        questions = tuple(
            replace(question, answer="any") if question.facet in facets else question
            for question in state.asked
        )
        new = [key for key in facets if key not in {question.facet for question in questions}]
        questions = (
            *questions,
            *(AskedQuestion(facet=key, signature=f"{key}|", answer="any") for key in new),
        )
        if dropped_wishes:
            self.say("dropped", wishes=self.wish_texts(dropped_wishes))
        elif not understood.answer:
            self.say("any")
        return replace(
            state,
            constraints=other_wishes,
            meaning=meaning,
            asked=questions,
            profile_overridden=tuple(dict.fromkeys((*state.profile_overridden, *facets))),
        )

    def _echo(self, wishes: Sequence[Constraint]) -> None:
        self.say("noted", wishes=self.wish_texts(wishes))
        self._echoed = self.sentences[-1]

    def _like(self, state: DialogueState, product_id: str) -> DialogueState:
        """Look for what comes close to a product in all that was not said."""
        row = self.catalog.position(product_id)
        if row is None:
            return state
        title = self.catalog.products[row].title
        self.say("like", title=title)
        descriptions = tuple(words for words in state.meaning if words != title)
        return replace(state, meaning=(*descriptions, title)[-MEANINGS_KEPT:])

    def forget_echo(self) -> None:
        """Leave out that a wish was noted, where the answer says so itself."""
        self.sentences = [sentence for sentence in self.sentences if sentence != self._echoed]

    def _say_learnt(self) -> None:
        if not self.learnt:
            return
        if self.may_remember:
            self.say("profile_learnt", wishes=self.wish_texts(self.learnt))
        else:
            self.say("profile_no_consent_learn")

    def advise(self, *, fresh: bool = False, counted: bool = False) -> None:
        """Say how many fit, show the best, and ask what narrows them down most.

        Args:
            fresh: Show nothing that was shown before.
            counted: How many fit was said already.
        """
        view = self.view()
        if self.state.turn > 0 and view.from_profile and not self._profile_named():
            self.say("profile_used", wishes=self.wish_texts(view.from_profile))
        if not view.remaining:
            no_match.explain_nothing(self)
            return
        if self.search_changed or not self.state.pending:
            self.ask()
        else:
            self.resume(show=False)
        if self.question is not None and not view.wishes and not self.state.shown:
            self.cards = presentation.varied(
                self.catalog, self.wording, self.state, view, self.question
            )
        else:
            self.cards = presentation.cards(
                self.catalog, self.wording, self.state, view, fresh=fresh
            )
        if not counted:
            self._say_count(view)

    def _profile_named(self) -> bool:
        """Whether the reply before this one already named what is known of the shopper."""
        return self.state.turn > 2 and not self.stale and bool(self.state.shown)

    def ask(self) -> None:
        """Put the best question, if one is worth its answer."""
        self.ranked = next_question(self.catalog, self.state, self.view())
        best = self.ranked[0] if self.ranked else None
        if best is not None:
            self.question = presentation.question(
                self.wording, best, self.view(), self.state, self.offers, nouns=self.nouns
            )
        view = self._view
        self.state = presentation.note_question(self.state, best)
        self._view = view

    def resume(self, *, show: bool = True) -> None:
        """After a digression: the same products, and the open question again."""
        if show:
            self.show_again()
        pending = self.state.pending
        if not pending:
            return
        open_question = next(
            (question for question in reversed(self.state.asked) if question.facet == pending), None
        )
        for view in (self.view().exact(), self.view()):
            same = (
                presentation.repeated(self.catalog, view, open_question) if open_question else None
            )
            if same is not None:
                self.question = presentation.question(
                    self.wording, same, view, self.state, self.offers, nouns=self.nouns
                )
                return
        self.state = replace(
            self.state,
            pending="",
            asked=tuple(
                question
                for question in self.state.asked
                if question.facet != pending or question.answer != "open"
            ),
        )
        self._view = None
        self.ask()

    def show_again(self) -> None:
        """Show the products of the reply before, unless others are shown."""
        if self.cards:
            return
        rows = [self.catalog.position(product_id) for product_id in self.state.last_shown]
        self.cards = tuple(
            presentation.card(
                self.catalog, self.wording, self.catalog.products[row], self.view(), self.state
            )
            for row in rows
            if row is not None
        )
        self.again = True

    def _say_count(self, view: SearchView) -> None:
        """Say how many products fit, where that is news."""
        count, before = view.remaining, self.state.counted
        if view.nearest and all(card.unmet for card in self.cards):
            self.say("nearest")
        elif not view.wishes:
            if not self.state.shown:
                self.say("fits_all")
        elif count <= max(1, len(self.cards)):
            self._say_few(view)
        elif count != before:
            narrower = 0 <= count < before
            self.say("leaves" if narrower else "fits_many", count=self.wording.count(count))
        elif self.search_changed and any(wish.turn == self.state.turn for wish in view.wishes):
            self.say("fits_still", count=self.wording.count(count))
        if self.question is None and self.search_changed and count > len(self.cards):
            self.say("no_question")
        elif self.question is not None and view.nearest and 0 < count <= len(self.cards):
            self.say("otherwise")

    def _say_few(self, view: SearchView) -> None:
        """Say that all that fits is in sight; nothing is vouched for that the catalog does not state."""
        count = view.remaining
        rows = [(card, self.catalog.position(card.product.id)) for card in self.cards]
        fit = [card for card, row in rows if row is not None and view.candidates.fitting[row]]
        unsure = any(card.unmet for card in fit)
        if count == 1 and fit:
            self.say("left_one" if unsure else "fits_one", title=fit[0].product.title)
        elif self.state.meaning:
            self.say("fits_few_meaning", count=count)
        elif unsure:
            self.say("left_few", count=count)
        elif count < len(self.cards):
            self.say("fits_first", count=count)
        else:
            self.say("fits_few", count=count)

    def _with_choices(self, shown: ShownProduct) -> ShownProduct:
        """A card with what can be done with it at a touch."""

        def choice(move: Move, key: str) -> Suggestion:
            effect = ChoiceEffect(kind="say", values=(move.value, shown.product.id))
            label = self.wording.say(key, title=shown.product.title)
            return Suggestion(choice_id=self.offers.add(effect), label=label)

        return replace(
            shown,
            tell_more=choice(Move.PRODUCT_QUESTION, "suggest.tell_more"),
            select=choice(Move.SELECT, "suggest.select"),
        )

    def reply(self) -> Reply:
        """Return the reply, and note in the state what was shown and offered."""
        view = self.view()
        if self.question is not None:
            self.sentences.append(self.question.text)
        more = presentation.suggestions(
            self.wording, view, self.cards, self.question, self.state, self.offers
        )
        constraints = presentation.worded(self.wording, self.catalog, view.wishes)
        removals = tuple(
            Suggestion(
                choice_id=self.offers.add(withdrawal([wish])),
                label=self.wording.say("suggest.remove", wish=text),
            )
            for wish, text in constraints
        )
        products = tuple(self._with_choices(card) for card in self.cards)
        fresh = self.cards and not self.again
        state = presentation.note_shown(self.state, self.cards) if fresh else self.state
        text = _joined(self.sentences)
        focus = state.focus if state.focus in state.last_shown or not fresh else ""
        self.state = replace(
            state,
            offers=self.offers.merged(dict(state.offers or {})),
            last_text=text,
            focus=focus,
            counted=view.remaining,
        )
        return Reply(
            text=text,
            question=self.question,
            products=products,
            constraints=constraints,
            removals=removals,
            remaining=view.remaining,
            suggestions=(*self.extra, *more),
            turn=self.state.turn,
            trace=self._trace(view),
        )

    def _trace(self, view: SearchView) -> dict[str, object]:
        return {
            "turn": self.state.turn,
            "remaining": view.remaining,
            "nearest": view.nearest,
            "questions": [
                {"facet": q.facet.key, "bits": round(q.gain, 3), "value": round(q.value, 3)}
                for q in self.ranked[:8]
            ],
            "rules": self._rules(view),
        }

    def _rules(self, view: SearchView) -> list[dict[str, object]]:
        """Return the shop's rules that hold today, each with what it is about and what of that is shown."""
        rows = [self.catalog.position(card.product.id) for card in self.cards]
        return [
            {
                "name": rule.name,
                "action": str(rule.action),
                "paid": rule.paid,
                "products": rule.products,
                "shown": sum(row is not None and bool(rule.about[row]) for row in rows),
            }
            for rule in (view.merchandising.applied if view.merchandising else ())
        ]

    def change(self) -> ProfileChange | None:
        """Return what this turn taught about the shopper; None when nothing."""
        if not (self.learnt or self.forgot or self.forgot_all):
            return None
        return ProfileChange(
            remember=tuple(self.learnt), forget=tuple(self.forgot), forget_all=self.forgot_all
        )


def _joined(sentences: Sequence[str]) -> str:
    """Return sentences as one text; behind an address, which no full stop ends, a new line begins."""
    text = ""
    for sentence in filter(None, sentences):
        ended = not text or text[-1] in SENTENCE_ENDS
        text += (" " if ended else "\n") + sentence
    return text.replace(" \n", "\n").replace("\n ", "\n").strip()


def _answered(state: DialogueState, answer: str) -> DialogueState:
    """Note how the pending question was answered."""
    questions = list(state.asked)
    for place in range(len(questions) - 1, -1, -1):
        if questions[place].facet == state.pending and questions[place].answer == "open":
            questions[place] = replace(questions[place], answer=answer)
            break
    return replace(state, asked=tuple(questions), pending="")
