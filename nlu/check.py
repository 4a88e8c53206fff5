"""Looks for mistakes in the training phrases: ``python -m nlu.check [--language en]``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from nlu.acts.features import features, phrase_tokens
from nlu.acts.phrases import FOLDER, Phrase, load_phrases, read_file
from nlu.errors import NluError
from nlu.language import Wordlists, load_wordlists

FEWEST = 25
"""Sentences an intent needs to be recognised in other words than its own."""
_CLOSE = 0.35
"""Likeness from which a phrase is reported as confusable; below it the report names everything."""
_MOST_SHOWN = 12
"""Lines of one kind; the rest is counted."""


@dataclass(slots=True)
class Findings:
    """What was found; ``errors`` make the check fail."""

    contradictions: list[str] = field(default_factory=list)
    """Phrases all of whose sentences stand under another intent too."""
    ambiguous: list[str] = field(default_factory=list)
    """Sentences under two intents; neither gets them for certain."""
    duplicates: list[str] = field(default_factory=list)
    """Phrases that add nothing to others of their intent."""
    close: list[str] = field(default_factory=list)
    """Pairs of intents that share most of their words."""
    thin: list[str] = field(default_factory=list)
    """Intents with few phrases, or without test sentences."""

    @property
    def errors(self) -> list[str]:
        """What must be mended."""
        return self.contradictions

    def lines(self) -> list[str]:
        """The report, a finding a line."""
        results = []
        for title, entries in (
            ("Contradicts another intent (mend these)", self.contradictions),
            ("Said under two intents", self.ambiguous),
            ("Adds nothing", self.duplicates),
            ("Hard to tell apart", self.close),
            ("Too little to go by", self.thin),
        ):
            if entries:
                results.append(f"{title}: {len(entries)}")
                results.extend(f"  {entry}" for entry in entries[:_MOST_SHOWN])
                if len(entries) > _MOST_SHOWN:
                    results.append(f"  and {len(entries) - _MOST_SHOWN} more")
        return results or ["No mistakes found."]


def check(
    language: str, *, folder: Path = FOLDER, tests: Path | None = None, fewest: int = FEWEST
) -> Findings:
    """Check the phrases of a language.

    Args:
        language: Two-letter code.
        folder: Where the phrases are.
        tests: Folder of the test sentences, one file an intent; None leaves that out.
        fewest: Sentences an intent should have, brackets written out.

    Raises:
        PhrasesInvalid: a file cannot be read.
    """
    wordlists = load_wordlists(language)
    phrases = load_phrases(language, folder)
    findings = Findings()
    _doubled(phrases, wordlists, findings)
    _close(phrases, wordlists, findings)
    counts = Counter(phrase.label for phrase in phrases)
    for intent, count in sorted(counts.items()):
        if count < fewest and "+" not in intent:
            findings.thin.append(f"{intent}: {count} sentences; {fewest} or more are needed")
    if tests is not None:
        _untested(sorted(counts), tests / language, findings)
    return findings


def _doubled(phrases: Sequence[Phrase], wordlists: Wordlists, findings: Findings) -> None:
    labels: dict[str, set[str]] = defaultdict(set)
    templates: dict[str, set[int]] = defaultdict(set)
    keys: dict[int, set[str]] = defaultdict(set)
    texts: dict[int, str] = {}
    for phrase in phrases:
        tokens, asks = phrase_tokens(phrase.text, wordlists)
        key = f"{' '.join(tokens)}{'?' if asks else ''}"
        labels[key].add(phrase.label)
        templates[key].add(phrase.template)
        keys[phrase.template].add(key)
        texts.setdefault(phrase.template, f"{phrase.label}: {phrase.text!r}")
    for key, intents in sorted(labels.items()):
        if len(intents) > 1 and not _nested(intents):
            findings.ambiguous.append(f"{key!r} under {', '.join(sorted(intents))}")
    for template, mine in sorted(keys.items()):
        if all(len(labels[key]) > 1 and not _nested(labels[key]) for key in mine):
            findings.contradictions.append(texts[template])
        elif all(len(templates[key]) > 1 and len(labels[key]) == 1 for key in mine):
            findings.duplicates.append(f"{texts[template]} and all it stands for is said elsewhere")


def _nested(labels: set[str]) -> bool:
    """Whether one label holds the others: "praise+affirm" and "praise" do not contradict."""
    parts = [set(label.split("+")) for label in labels]
    widest = max(parts, key=len)
    return all(part <= widest for part in parts)


def _close(phrases: Sequence[Phrase], wordlists: Wordlists, findings: Findings) -> None:
    """Name intents whose phrases use nearly the same words and shapes (cosine; words of many intents count little)."""
    profiles: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase in phrases:
        if phrase.trained and "+" not in phrase.label:
            tokens, asks = phrase_tokens(phrase.text, wordlists)
            names = features(tokens, wordlists, question=asks)
            profiles[phrase.label].update(n for n in names if n[0] in "wb")
    spread = Counter(name for profile in profiles.values() for name in profile)
    for profile in profiles.values():
        for name in profile:
            profile[name] = int(100 * profile[name] ** 0.5 * log(len(profiles) / spread[name]))
    lengths = {name: sum(v * v for v in p.values()) ** 0.5 for name, p in profiles.items()}
    pairs = []
    names = sorted(profiles)
    for position, intent in enumerate(names):
        for other in names[position + 1 :]:
            shared = sum(c * profiles[other].get(n, 0) for n, c in profiles[intent].items())
            pairs.append((shared / (lengths[intent] * lengths[other] or 1.0), intent, other))
    for likeness, intent, other in sorted(pairs, reverse=True):
        if likeness >= _CLOSE:
            findings.close.append(f"{intent} and {other} ({likeness:.2f} alike)")


def _untested(intents: Sequence[str], tests: Path, findings: Findings) -> None:
    for intent in intents:
        if "+" in intent:
            continue
        path = tests / f"{intent}.yml"
        if not path.is_file() or not list(read_file(path)):
            findings.thin.append(f"{intent}: no test sentences in {path.name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the findings; 1 when something must be mended."""
    parser = argparse.ArgumentParser(prog="assistant nlu check", description=__doc__)
    parser.add_argument("--language", default="en")
    parser.add_argument("--tests", type=Path, default=Path("tests/nlu/phrases"))
    chosen = parser.parse_args(arguments)
    try:
        findings = check(chosen.language, tests=chosen.tests if chosen.tests.is_dir() else None)
    except NluError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(findings.lines()) + "\n")
    return int(bool(findings.errors))


if __name__ == "__main__":
    sys.exit(main())
