"""``shop.yml``: written with what was inferred, read back with what the staff made of it.

What the staff changed is kept at every import; what they left alone follows the feed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from catalog.errors import ShopError
from catalog.inferred import InferredFacet
from catalog.roles import ROLE_NAMES
from catalog.storage.files import write_atomically
from catalog.storage.rules_file import read_rules
from catalog.types import Facet, Rule, ShopConfig
from nlu.lexical.flags import read_flag

FILE = "shop.yml"
LAST_GOOD = Path("index") / "shop.good.yml"
"""In the shop's folder: a copy of the newest shop.yml without a mistake, which goes on when the file is broken."""
_TOP = (
    "name",
    "currency",
    "locale",
    "noun",
    "nouns",
    "contact",
    "glossary",
    "rules",
    "columns",
    "facets",
)
_CONFIG = ("name", "currency", "locale", "noun", "nouns", "contact")
_FACET = (
    "label",
    "question",
    "unit",
    "weight",
    "askable",
    "knowable",
    "names",
    "synonyms",
    "from_text",
    "apart",
)

_HEAD = """\
The shop as the assistant knows it, written by `assistant import` from the feed.
Change anything: what you change is kept at the next import, the rest follows the feed.
currency, locale: of prices without a currency, and of the language spoken (ISO codes).
noun, nouns: what one product and several are called.  contact: how to reach a person.
columns: which column of the feed holds what.
facets: label as said to shoppers; question in the shop's own words; unit of numbers;
weight 0 to 10, how gladly it is asked; askable; synonyms, such as {Red: [crimson, ruby]};
from_text: false no longer reads the facet out of titles and sentences;
apart: [black] keeps a spelling that was folded into another a value of its own.
rules: what is shown more (boost), less (bury), first (pin) or never (hide), such as
  - {boost: {brand: Sony}, by: 2, from: 2026-11-01, until: 2026-11-30, paid: true}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetOverride:
    """What shop.yml says of one facet; None leaves what was inferred."""

    label: str | None = None
    question: str | None = None
    unit: str | None = None
    weight: float | None = None
    askable: bool | None = None
    knowable: float | None = None
    from_text: bool | None = None
    """False does not read the facet out of texts."""
    apart: tuple[str, ...] = ()
    """Spellings that are values of their own, not folded into others."""
    names: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Value as text, any case -> other words for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFile:
    """A whole shop.yml."""

    config: Mapping[str, str] = field(default_factory=dict)
    """The fields of ShopConfig that are texts and set."""
    glossary: Mapping[str, str] = field(default_factory=dict)
    """Word, lower case -> what it means."""
    columns: Mapping[str, Any] = field(default_factory=dict)
    """Role -> column key."""
    facets: Mapping[str, FacetOverride] = field(default_factory=dict)
    """By facet key."""
    rules: tuple[Rule, ...] = ()
    """Merchandising rules, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedShopFile:
    """The shop.yml that counts now."""

    file: ShopFile
    """As it stands in the folder, or as it last stood there without a mistake."""
    mistake: str = ""
    """What is wrong with the one in the folder, with its line and what is allowed; empty when nothing is."""


def served_shop_file(shop: Path) -> ServedShopFile:
    """The shop's shop.yml; the last good version while it has a mistake or was emptied.

    Raises:
        ShopError: a mistake, and there never was a good version.
    """
    path, good = shop / FILE, shop / LAST_GOOD
    try:
        text = path.read_bytes() if path.exists() else None
        _refuse_emptied(text, good)
        file = read_shop_file(shop)
    except ShopError as error:
        if not good.exists():
            raise
        mistake = f"{error} Until then the version before goes on."
        return ServedShopFile(file=_read(good), mistake=mistake)
    except OSError as error:
        raise ShopError(f"shop.yml cannot be read: {error}.") from error
    return ServedShopFile(file=file)


def keep_shop_file(shop: Path) -> None:
    """Note that shop.yml as it stands can go on when it is broken later; it was just read without a mistake."""
    good = shop / LAST_GOOD
    with suppress(OSError, UnicodeDecodeError):  # what cannot be written to has no version before
        text = (shop / FILE).read_text("utf-8")
        if not good.exists() or good.read_text("utf-8") != text:
            write_atomically(good, text)


def _refuse_emptied(text: bytes | None, good: Path) -> None:
    if text is not None and not text.strip() and good.exists():
        raise ShopError(
            "shop.yml, line 1: the file is empty. Allowed: its text, or no file at all to begin anew."
        )


def read_shop_file(shop: Path) -> ShopFile:
    """The shop's shop.yml; empty where there is none.

    Raises:
        ShopError: a mistake, with its line and what is allowed.
    """
    return _read(shop / FILE)


def _read(path: Path) -> ShopFile:
    data = _parse(path)
    if data is None:
        return ShopFile()
    _only(data, _TOP, "at the top of shop.yml")
    config = {key: _config_field(data, key) for key in _CONFIG if data.get(key) is not None}
    columns = _section(data, "columns")
    _only(columns, ROLE_NAMES, "under columns")
    facets = _section(data, "facets")
    return ShopFile(
        config=config,
        glossary=_glossary(data),
        columns={key: _plain(value) for key, value in columns.items()},
        facets={str(key): _facet(facets, key) for key in facets},
        rules=_rules(data),
    )


def _parse(path: Path) -> CommentedMap | None:
    if not path.exists():
        return None
    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ShopError(
            f"shop.yml, line {line}: {error.problem or 'this is no YAML'}. Correct the line."
        ) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise ShopError(f"shop.yml cannot be read: {error}. Save it as UTF-8 text.") from error
    if data is None:
        return None
    if not isinstance(data, CommentedMap):
        raise ShopError(f"shop.yml, line 1: found no fields. Allowed are {', '.join(_TOP)}.")
    return data


def _wrong(holder: CommentedMap, key: object, found: str, allowed: str) -> ShopError:
    line = int(holder.lc.key(key)[0]) + 1
    return ShopError(f"shop.yml, line {line}: {found}. Allowed: {allowed}.")


def _only(holder: CommentedMap, allowed: Sequence[str], where: str) -> None:
    for key in holder:
        if key not in allowed:
            raise _wrong(holder, key, f"unknown field {key!r} {where}", ", ".join(allowed))


def _section(data: CommentedMap, key: str) -> CommentedMap:
    value = data.get(key)
    if value is None:
        return CommentedMap()
    if not isinstance(value, CommentedMap):
        raise _wrong(
            data, key, f"{key} is {value!r}", "names followed by a colon, indented below it"
        )
    return value


_PATTERNS = {
    "currency": (r"[A-Z]{3}", "an ISO 4217 code such as EUR"),
    "locale": (r"[a-z]{2}(?:[-_][A-Za-z]{2})?", "a language code such as en or de-AT"),
}


def _config_field(data: CommentedMap, key: str) -> str:
    value = data[key]
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _wrong(data, key, f"{key} is {value!r}", "a text")
    text = str(value).strip()
    pattern, allowed = _PATTERNS.get(
        key, (".*" if key == "contact" else ".+", "a text that is not empty")
    )
    if not re.fullmatch(pattern, text, re.DOTALL):
        raise _wrong(data, key, f"{key} is {text!r}", allowed)
    return text


def _rules(data: CommentedMap) -> tuple[Rule, ...]:
    line = int(data.lc.key("rules")[0]) + 1 if "rules" in data else 0
    return read_rules(data.get("rules"), line)


def _plain(value: object) -> object:
    return [str(entry) for entry in value] if isinstance(value, list) else value


def _glossary(data: CommentedMap) -> dict[str, str]:
    section = _section(data, "glossary")
    for word, meaning in section.items():
        if not isinstance(meaning, str):
            raise _wrong(section, word, f"{word!r} is explained as {meaning!r}", "a sentence")
    return {str(word).strip().lower(): meaning.strip() for word, meaning in section.items()}


def _facet(facets: CommentedMap, key: object) -> FacetOverride:
    entry = facets[key]
    if entry is None:
        return FacetOverride()
    if not isinstance(entry, CommentedMap):
        raise _wrong(
            facets, key, f"facet {key!r} is {entry!r}", ", ".join(_FACET) + ", indented below it"
        )
    _only(entry, _FACET, f"in facet {key!r}")
    return FacetOverride(
        label=_text(entry, "label"),
        question=_text(entry, "question"),
        unit=_text(entry, "unit"),
        weight=_amount(entry, "weight", 10),
        askable=_flag(entry, "askable"),
        knowable=_amount(entry, "knowable", 1),
        from_text=_flag(entry, "from_text"),
        apart=_texts(entry, "apart", entry.get("apart")),
        names=_texts(entry, "names", entry.get("names")),
        synonyms=_synonyms(entry),
    )


def _text(entry: CommentedMap, key: str) -> str | None:
    value = entry.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _wrong(entry, key, f"{key} is {value!r}", "a text, or nothing")
    return str(value).strip()


def _amount(entry: CommentedMap, key: str, most: float) -> float | None:
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise _wrong(entry, key, f"{key} is {value!r}", f"a number from 0 to {most:g}")
    return float(value)


def _flag(entry: CommentedMap, key: str) -> bool | None:
    value = entry.get(key)
    if value is None or isinstance(value, bool):
        return value
    flag = read_flag(str(value))
    if flag is None:
        raise _wrong(entry, key, f"{key} is {value!r}", "true or false")
    return flag


def _texts(entry: CommentedMap, key: object, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str | int | float):
        return (str(value),)
    if not isinstance(value, list) or not all(
        isinstance(word, str | int | float) for word in value
    ):
        raise _wrong(entry, key, f"{key} is {value!r}", "a list of words such as [crimson, ruby]")
    return tuple(str(word).strip() for word in value if str(word).strip())


def _synonyms(entry: CommentedMap) -> dict[str, tuple[str, ...]]:
    value = entry.get("synonyms")
    if value is None:
        return {}
    if not isinstance(value, CommentedMap):
        raise _wrong(
            entry,
            "synonyms",
            f"synonyms is {value!r}",
            "values with their other words: {Red: [crimson, ruby]}",
        )
    return {_value_name(key): _texts(value, key, words) for key, words in value.items()}


def _value_name(key: object) -> str:
    if isinstance(key, bool):
        return "yes" if key else "no"
    return str(key).casefold()


# ---- writing ----


def write_shop_file(
    shop: Path,
    *,
    config: ShopConfig,
    columns: Mapping[str, Any],
    inferred: Sequence[InferredFacet],
    before: Mapping[str, Facet],
    before_config: Mapping[str, str],
    before_columns: Mapping[str, Any],
) -> None:
    """Write or bring up to date shop.yml, atomically.

    Args:
        shop: the shop's folder.
        config: as inferred now.
        columns: role -> column key as used now.
        inferred: the facets as inferred now.
        before: the facets as inferred at the last import; a field that still equals it was not edited.
        before_config: the same for the config.
        before_columns: the same for the columns.
    """
    path = shop / FILE
    data = _parse(path)
    fresh = data is None
    if data is None:
        data = CommentedMap()
        data.yaml_set_start_comment(_HEAD + "\n\n")
    for key in _CONFIG:
        value = getattr(config, key)
        if key not in data or (
            before_config.get(key) not in (None, value) and data[key] == before_config[key]
        ):
            data[key] = value
    if data.get("columns") is None:
        data["columns"] = CommentedMap()
    for role, key in columns.items():
        if role not in data["columns"] or _plain(data["columns"][role]) == before_columns.get(role):
            data["columns"][role] = key
    if data.get("facets") is None:
        data["facets"] = CommentedMap()
    for inferred_facet in inferred:
        _write_facet(data["facets"], inferred_facet, before.get(inferred_facet.facet.key))
    text = io.StringIO()
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.dump(data, text)
    if fresh or path.read_text(encoding="utf-8") != text.getvalue():
        write_atomically(path, text.getvalue())


def _fields(facet: Facet) -> dict[str, Any]:
    return {
        "label": facet.label,
        "question": facet.question,
        "unit": facet.unit,
        "weight": facet.weight,
        "askable": facet.askable,
    }


def _write_facet(facets: CommentedMap, one: InferredFacet, before: Facet | None) -> None:
    key, fields = one.facet.key, _fields(one.facet)
    entry = facets.get(key)
    if entry is None:
        entry = facets[key] = CommentedMap({**fields, "synonyms": CommentedMap()})
        entry["synonyms"].fa.set_flow_style()
        if one.note:
            entry["from_text"] = True
            entry.yaml_add_eol_comment(one.note, "from_text")
        if one.reason:
            entry.yaml_add_eol_comment(one.reason, "askable")
        notes = [
            f"{value!r} also written {', '.join(map(repr, spellings[:6]))}"
            for value, spellings in list(one.merged.items())[:10]
        ]
        notes += (
            [f"not readable and left out: {', '.join(map(repr, one.unread))}"] if one.unread else []
        )
        if notes:
            facets.yaml_set_comment_before_after_key(
                key, before=_one_line("\n".join(notes)), indent=2
            )
        return
    if before is None or not isinstance(entry, CommentedMap):
        return
    for name, old in _fields(before).items():
        if name in entry and entry[name] == old and old != fields[name]:
            entry[name] = fields[name]


def _one_line(text: str) -> str:
    return "\n".join(line[:300] for line in text.replace("\r", " ").split("\n"))
