"""Messages nobody would type by accident, made from a seed."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

_HOMOGLYPHS = str.maketrans("aceopxyAEHKMOPTX", "асеорхуАЕНКМОРТХ")
_PIECES = (
    "red", "not", "under 20", "no", "without", "or", "the second one", "€", "5'11\"", "1e9", "-",
    "--", "between", "and", "%", "½", "²", "٣", "１２", "more", "less", "cheapest", "?", "!", "...",
)  # fmt: skip
_FOREIGN = (
    "мне нужно красное вино", "我想要红酒", "赤ワインをください", "أريد نبيذ أحمر", "אני רוצה יין אדום",
    "κόκκινο κρασί παρακαλώ", "lütfen kırmızı şarap", "मुझे लाल शराब चाहिए", "빨간 와인 주세요",
    "Quiero un vino tinto", "je voudrais du vin rouge", "ฉันต้องการไวน์แดง",
)  # fmt: skip
_CODE = (
    "'; DROP TABLE products; --", "<script>alert(1)</script>", "{{7*7}} ${jndi:ldap://x}",
    "\\x00\\u0000%00", "def f(x): return x[::-1]", "SELECT * FROM t WHERE price < 10 OR 1=1",
    "/inform{\"price\": 1}", "\x01choice 1", "[link](javascript:1)", "=cmd|' /C calc'!A0",
    "../../etc/passwd", "&lt;b&gt; &amp;nbsp;", "{\"text\": \"red\"}", "#!/bin/sh\nrm -rf /",
)  # fmt: skip


def hostile_messages(count: int, brands: tuple[str, ...], seed: int = 11) -> Iterator[str]:
    """``count`` messages of all kinds, the same ones every time."""
    rng = random.Random(seed)
    kinds = (_noise, _emoji, _zalgo, _bidi, _controls, _mixed, _long, _foreign, _code, _numbers)
    for number in range(count):
        if number % 12 == 0:
            yield rng.choice(brands).translate(_HOMOGLYPHS) + rng.choice(("", " please", "?"))
        else:
            yield kinds[number % len(kinds)](rng)


def _noise(rng):
    points = (rng.randrange(0x110000) for _ in range(rng.randrange(80)))
    return "".join(chr(point) for point in points)


def _emoji(rng):
    return "".join(chr(rng.randrange(0x1F300, 0x1FAFF)) for _ in range(rng.randrange(1, 60)))


def _zalgo(rng):
    text = rng.choice(_PIECES + _FOREIGN)
    marks = [chr(rng.randrange(0x300, 0x36F)) for _ in range(40)]
    return "".join(c + "".join(rng.choices(marks, k=rng.randrange(9))) for c in text)


def _bidi(rng):
    return f"\u202e{rng.choice(_PIECES)}\u202c \u2066{rng.choice(_FOREIGN)}\u2069\u200f\ufeff"


def _controls(rng):
    return "".join(
        rng.choice(("\x00", "\x07", "\x1b[31m", "a", " ", "\r\n", "\ud800")) for _ in range(30)
    )


def _mixed(rng):
    return " ".join(rng.choices(_PIECES, k=rng.randrange(1, 40)))


def _long(rng):
    piece = rng.choice((*_PIECES, "a", "1,", "(", "not ", "no no ", "'", "\n", "-1"))
    return (piece * (100_000 // len(piece)))[: rng.randrange(3_000, 100_000)]


def _foreign(rng):
    return unicodedata.normalize(rng.choice(("NFD", "NFKC")), rng.choice(_FOREIGN)) * rng.randrange(
        1, 4
    )


def _code(rng):
    return rng.choice(_CODE) + rng.choice(("", rng.choice(_CODE)))


def _numbers(rng):
    signs = "0123456789.,-+eE/:€$%'\" "
    return "".join(rng.choice(signs) for _ in range(rng.randrange(1, 120)))
