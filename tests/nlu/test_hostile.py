"""Whatever is typed, the answer is a ParsedMessage that holds nothing made up."""

from __future__ import annotations

import json
import time

from nlu.serialize import parsed_from_json, parsed_to_json
from nlu.types import ParsedMessage
from tests.nlu.hostile import hostile_messages
from tests.nlu.shops import wine_vocabulary

MESSAGES = 2000
OPERATORS = {"=", "!=", "<", "<=", ">", ">=", "between", "in", "not_in"}


def test_parse_stands_two_thousand_hostile_messages(parser):
    facets = {facet.key: facet for facet in wine_vocabulary().facets}
    known = {key: {value.value for value in facet.values} for key, facet in facets.items()}
    ids = {product for product, _ in wine_vocabulary().titles}
    for text in hostile_messages(MESSAGES, ("Barolo Riserva Casanegra", "Chardonnay", "Merlot")):
        message = parser.parse(text)
        assert isinstance(message, ParsedMessage)
        assert message.acts
        assert message.cut == (len(text) > 2000)
        assert len(message.text) <= 2000
        for wish in message.constraints:
            assert wish.operator in OPERATORS
            assert 0 <= wish.start < wish.end <= len(message.text)
            for value in wish.values:
                made_up = facets[wish.facet].kind != "number" and value not in known[wish.facet]
                assert not made_up, (text, wish)
        assert all(r.value in ids for r in message.references if r.kind == "id")
        assert all(key in facets for key in message.facets)
        data = json.loads(json.dumps(parsed_to_json(message)))
        assert parsed_from_json(data) == message


def test_parse_takes_time_in_proportion_to_the_text(parser):
    def seconds(text: str) -> float:
        began = time.process_time()
        parser.parse(text)
        return time.process_time() - began

    # A pattern that goes back and forth would take minutes, not seconds.
    assert all(seconds(piece * 50_000) < 5 for piece in ("1,", "a ", "not ", "(", "'a", "-1 "))
