"""``python -m tests.nlu.gold [--show]``: how well the gold messages are understood."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from nlu.parser import Parser
from tests.nlu.gold.reading import load_shops
from tests.nlu.gold.scoring import Score, missing, score_one, wishes_of

MODELS = Path(__file__).parents[3] / "models"


def out(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Print one line a shop and part, then negation and price apart."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true", help="print misses to develop on")
    show = arguments.parse_args().show
    rows: dict[tuple[str, str], Score] = defaultdict(Score)
    for shop in load_shops():
        parser = Parser.load(shop.vocabulary, language=shop.vocabulary.language, models=MODELS)
        for part, messages in (("develop", shop.develop), ("report", shop.report)):
            for message in messages:
                parsed = parser.parse(message.text)
                got = score_one(message, parsed)
                names = [shop.name, "all"]
                names += ["negation"] * message.negated + ["price"] * message.priced
                for name in names:
                    rows[name, part] += got
                if show and part == "develop" and not got.exact:
                    out(f"{shop.name}: {message.text!r}\n   {_difference(message, parsed)}")
    out(f"{'':12} {'part':8} {'messages':>8} {'exact':>6} {'F1':>6}")
    for (name, part), total in sorted(rows.items(), key=lambda row: (row[0][1], row[0][0])):
        out(f"{name:12} {part:8} {total.messages:8} {total.share:6.3f} {total.f1:6.3f}")


def _difference(message, parsed) -> str:
    wanted = [(w.facet, w.operator, w.values, "~" * w.prefer) for w in message.wishes]
    got = [(w.facet, w.operator, w.values, "~" * w.prefer) for w in wishes_of(parsed)]
    return f"want {wanted}\n   got  {got} {missing(message, parsed)} acts {parsed.acts}"


if __name__ == "__main__":
    main()
