"""What hurts a shop and can be put right in its feed: found at every import, with examples and advice."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict

from catalog.feeds.base import RepairKind, Repairs
from catalog.inference.columns import FeedColumn
from catalog.inference.value_spellings import suspicious
from catalog.inferred import InferredFacet
from catalog.ingest.findings import EXAMPLES, Finding
from catalog.ingest.lint_products import product_findings
from catalog.ingest.open_questions import OpenQuestion
from catalog.types import Facet, FacetKind, Product

_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")


def lint(
    products: Iterable[Product],
    *,
    facets: Sequence[Facet],
    inferred: Sequence[InferredFacet],
    columns: Mapping[str, FeedColumn],
    titles: Sequence[str],
    empty: Collection[str] = (),
    repairs: Repairs | None = None,
    assumed_currency: str = "",
) -> list[Finding]:
    """Look a finished import through.

    Args:
        products: gone through once.
        facets: as they are served.
        inferred: the same before shop.yml, with what was folded and what could not be read.
        columns: what the feed's columns say.
        titles: columns the titles come from.
        empty: names of columns without a single value.
        repairs: what was mended while the feed was read.
        assumed_currency: taken because nothing says it; empty where something does.

    Returns:
        The findings, the most severe first.
    """
    findings = [*_of_columns(columns, titles, empty), *_of_facets(inferred), *_of_numbers(columns)]
    if assumed_currency:
        findings.append(
            Finding(
                kind="currency_assumed",
                severity="high",
                problem=f"nothing says which currency the prices are in; {assumed_currency} was taken",
                count=1,
                examples=(assumed_currency,),
                advice="Import again with --currency and its code, or write it into shop.yml as currency.",
            )
        )
    findings += _of_repairs(repairs) if repairs is not None else ()
    findings += product_findings(products, facets, named=len(titles) == 1)
    rank = ("high", "medium", "low")
    return sorted(
        findings, key=lambda finding: (rank.index(finding.severity), -finding.count, finding.kind)
    )


# ---- what was mended ----

_REPAIRED = {
    RepairKind.CHARACTER: "characters that no text has were left out",
    RepairKind.ENTITY: "names of characters that XML does not know were put into letters",
    RepairKind.AMPERSAND: "bare & signs were read as the sign itself",
    RepairKind.LOST: "letters lost their second half in another encoding and stand there as \u00c2",
    RepairKind.ENCODING: "letters read twice through the wrong encoding were turned back",
}


def _of_repairs(repairs: Repairs) -> Iterable[Finding]:
    for kind, count in repairs.counts.items():
        yield Finding(
            kind=f"repaired_{kind}",
            severity="medium",
            problem=_REPAIRED[kind],
            count=count,
            examples=tuple(repairs.places[kind][:EXAMPLES]),
            advice="The feed was read all the same; mend it where it is written, other programs will stop at it.",
        )


_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,2}")


def _of_numbers(columns: Mapping[str, FeedColumn]) -> Iterable[Finding]:
    for key, column in columns.items():
        texts = [text for text in column.counts if _SCIENTIFIC.fullmatch(text.strip())]
        if texts:
            yield Finding(
                kind="scientific_notation",
                severity="medium",
                problem=f"{column.name} has numbers that a spreadsheet cut short; their last digits are lost",
                count=sum(column.counts[text] for text in texts),
                examples=tuple(texts[:EXAMPLES]),
                advice="Format the column as text before saving, and export again.",
                facet=key,
            )


# ---- columns ----


def _of_columns(
    columns: Mapping[str, FeedColumn], titles: Sequence[str], empty: Collection[str]
) -> Iterable[Finding]:
    if empty:
        yield Finding(
            kind="empty_facet",
            severity="low",
            problem="columns of the feed hold no value at all",
            count=len(empty),
            examples=tuple(list(empty)[:EXAMPLES]),
            advice="Fill them, or leave them out of the export.",
        )
    marked = [text for key in titles if key in columns for text in columns[key].counts]
    marked = [text for text in marked if _MARKUP.search(text)]
    if marked:
        yield Finding(
            kind="markup_in_title",
            severity="medium",
            problem="titles contain HTML; it was removed here, other programs will show it",
            count=len(marked),
            examples=tuple(text[:80] for text in marked[:EXAMPLES]),
            advice="Remove the tags and write characters such as & as they are.",
        )


# ---- facets ----


def _of_facets(inferred: Sequence[InferredFacet]) -> Iterable[Finding]:
    for inferred_facet in inferred:
        facet = inferred_facet.facet
        if inferred_facet.merged:
            pairs = [
                f"{value} = {', '.join(other)}" for value, other in inferred_facet.merged.items()
            ]
            yield Finding(
                kind="spellings",
                severity="medium",
                facet=facet.key,
                problem=f"values of {facet.label!r} are spelled in several ways and were taken for one",
                count=len(pairs),
                examples=tuple(pair[:120] for pair in pairs[:EXAMPLES]),
                advice="Use one spelling in the feed.",
            )
        if facet.kind is FacetKind.CATEGORY and facet.askable:
            pairs = [
                f"{a} / {b}"
                for a, b in suspicious((value.label, value.count) for value in facet.values)
            ]
            if pairs:
                yield Finding(
                    kind="similar_values",
                    severity="medium",
                    facet=facet.key,
                    problem=f"values of {facet.label!r} look like two spellings of one",
                    count=len(pairs),
                    examples=tuple(pairs[:EXAMPLES]),
                    advice="If they mean the same, use one spelling, or make one a synonym in shop.yml.",
                )
        if inferred_facet.unread:
            yield Finding(
                kind="unreadable_values",
                severity="medium",
                facet=facet.key,
                problem=f"some values of {facet.label!r} cannot be read as {_kind(facet)} and were left out",
                count=len(inferred_facet.unread),
                examples=tuple(text[:80] for text in inferred_facet.unread[:EXAMPLES]),
                advice="Write them like the others.",
            )
        if "same value" in inferred_facet.reason and facet.coverage > 0.5:
            yield Finding(
                kind="one_value",
                severity="low",
                facet=facet.key,
                problem=f"facet {facet.label!r} has the same value nearly everywhere, so it is never asked",
                count=1,
                examples=tuple(value.label for value in facet.values[:EXAMPLES]),
                advice="Nothing, if that is so; else fill in what differs.",
            )
        if inferred_facet.reason.startswith("only ") and "have it" in inferred_facet.reason:
            yield Finding(
                kind="thin_facet",
                severity="low",
                facet=facet.key,
                problem=f"facet {facet.label!r} is never asked: {inferred_facet.reason}",
                count=1,
                examples=(),
                advice="Fill it in for the products it applies to.",
            )


def _kind(facet: Facet) -> str:
    return "numbers" if facet.kind is FacetKind.NUMBER else "values"


def to_json(findings: Sequence[Finding]) -> str:
    """For programs: lint.json."""
    return json.dumps(
        {"findings": [asdict(finding) for finding in findings]}, ensure_ascii=False, indent=1
    )


def to_text(findings: Sequence[Finding], questions: Sequence[OpenQuestion] = ()) -> str:
    """For people: lint.txt, with what only they can answer at its head."""
    lines = []
    for question in questions:
        lines += [f"[?] {question.text}", f"    in shop.yml: {question.line}"]
    if not findings:
        lines.append("Nothing was found that hurts the shop.")
    for finding in findings:
        lines.append(f"[{finding.severity}] {finding.count:,} {finding.problem}.")
        if finding.examples:
            lines.append(f"    such as: {'; '.join(finding.examples)}")
        lines.append(f"    {finding.advice}")
    return "\n".join(lines) + "\n"
