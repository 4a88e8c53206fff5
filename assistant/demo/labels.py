"""Draws the demo shop's pictures: a bottle in its region's shape with one of four label designs, as a small SVG."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from assistant.demo.wines import Wine

Palette = tuple[str, str, str, str]
"""Glass, capsule, paper, ink."""

PALETTES: dict[str, Sequence[Palette]] = {
    "red": [
        ("#22301f", "#6d1f2c", "#f6f0e2", "#5a1522"),
        ("#1f2a20", "#2b2b2b", "#efe6d3", "#2b2420"),
        ("#24301f", "#8c2f39", "#f9f6ef", "#3b2a2a"),
    ],
    "white": [
        ("#a8ad74", "#c8a951", "#fbf9f1", "#4c5a2a"),
        ("#bcbd88", "#7a8450", "#f5f3e6", "#2f4a43"),
        ("#9aa068", "#e4dfcb", "#fffdf6", "#33405c"),
    ],
    "rosé": [
        ("#f1b9ab", "#e39a8d", "#fffaf6", "#a34b4a"),
        ("#f4c6b6", "#d9d4cc", "#fdf5ef", "#7c4a53"),
    ],
    "sparkling": [
        ("#2c3b26", "#c9a545", "#f8f3e4", "#4a3d1a"),
        ("#26352a", "#b8bcc0", "#f4f4f0", "#26352a"),
        ("#33402a", "#24303f", "#fbf8ee", "#24303f"),
    ],
    "orange": [
        ("#d08a3c", "#8a5a2b", "#f7efe0", "#6b3d14"),
        ("#c97d35", "#efe4cf", "#fdf8ee", "#40372c"),
    ],
    "dessert": [
        ("#d9a93f", "#8f6a1e", "#fdf8e8", "#6a4a10"),
        ("#cf9a35", "#f0e6c8", "#fffbef", "#51401c"),
    ],
    "fortified": [
        ("#2a1a16", "#1d1512", "#efe4cc", "#4a1f17"),
        ("#33201a", "#7b1e22", "#f5ecd8", "#2e1c16"),
    ],
    "alcohol-free": [
        ("#c9d6c3", "#7fa89a", "#ffffff", "#2f6b5e"),
        ("#d4dccb", "#9cb7c4", "#ffffff", "#315a70"),
    ],
}

# Outlines in a box of 200 x 300, from the lip down the right side; mirrored on the left.
SHAPES = {
    "bordeaux": "M91 14H109V82C109 98 136 100 136 124V278Q136 288 126 288H74Q64 288 64 278V124C64 100 91 98 91 82Z",
    "burgundy": "M91 14H109V72C110 108 142 118 142 154V276Q142 288 130 288H70Q58 288 58 276V154C58 118 90 108 91 72Z",
    "flute": "M92 14H108V70C110 106 132 122 132 164V280Q132 288 124 288H76Q68 288 68 280V164C68 122 90 106 92 70Z",
    "sparkling": "M90 16H110V66C112 106 144 116 144 152V274Q144 288 130 288H70Q56 288 56 274V152C56 116 88 106 90 66Z",
    "port": "M90 22H110V72C116 78 116 84 110 90C112 102 138 106 138 126V278Q138 288 128 288H72Q62 288 62 278"
    "V126C62 106 88 102 90 90C84 84 84 78 90 72Z",
}
SCALES = {"half bottle": 0.82, "standard bottle": 0.94, "magnum": 1.0}
SERIF = "Georgia,'Times New Roman',serif"
SANS = "'Helvetica Neue',Arial,sans-serif"


def draw_bottle(wine: Wine) -> str:
    """Draw a wine's bottle as a self-contained SVG of less than 4 kB, 200 x 300 units large."""
    mark = hashlib.sha256(wine.producer.encode()).digest()
    tone = "rosé" if "rosé" in wine.types or "Rosé" in wine.label else wine.types[0]
    palettes = PALETTES[tone]
    glass, capsule, paper, ink = palettes[mark[0] % len(palettes)]
    design = (_classic, _banded, _modern, _crest)[mark[1] % 4]
    scale = SCALES[wine.bottle_size]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 300" role="img">'
        f"<title>{escape(wine.title)}</title>"
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#000" stop-opacity=".34"/>'
        '<stop offset=".22" stop-color="#fff" stop-opacity=".26"/>'
        '<stop offset=".4" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#000" stop-opacity=".38"/></linearGradient></defs>'
        f'<g transform="translate({100 - 100 * scale:g} {290 - 290 * scale:g}) scale({scale:g})">'
        '<ellipse cx="100" cy="288" rx="52" ry="5" fill="#000" opacity=".13"/>'
        f'<path d="{SHAPES[wine.shape]}" fill="{glass}"/>{_capsule(wine, capsule)}'
        f"{design(wine, paper, ink, capsule)}"
        f'<path d="{SHAPES[wine.shape]}" fill="url(#g)"/></g></svg>\n'
    )


def _capsule(wine: Wine, colour: str) -> str:
    if wine.shape == "sparkling":
        return (
            f'<path d="M87 12Q100 4 113 12L111 30L114 84Q100 92 86 84L89 30Z" fill="{colour}"/>'
            '<path d="M88 30H112" stroke="#000" stroke-opacity=".25"/>'
        )
    if wine.shape == "port":
        return f'<path d="M88 8H112V24H88Z" fill="#15100e"/><path d="M90 24H110V70H90Z" fill="{colour}"/>'
    height = 34 if wine.closure == "screw cap" else 50
    return (
        f'<path d="M90 12H110V{12 + height}H90Z" fill="{colour}"/>'
        '<path d="M90 20H110" stroke="#000" stroke-opacity=".2"/>'
    )


def _classic(wine: Wine, paper: str, ink: str, accent: str) -> str:
    """Cream paper with a double rule, everything centred in serif type."""
    x, width = _paper(wine)
    return (
        f'<rect x="{x}" y="158" width="{width}" height="104" fill="{paper}"/>'
        f'<rect x="{x + 3}" y="161" width="{width - 6}" height="98" fill="none" stroke="{ink}" stroke-width=".6"/>'
        + _text(_lines(wine.producer, 13), 174, 7, ink, width - 12, style="font-style:italic")
        + f'<path d="M84 196H116" stroke="{accent}" stroke-width="1"/>'
        + _text(_lines(wine.label, 13, 3), 208, 9.5, ink, width - 12, style="font-weight:bold")
        + _text([_year(wine)], 252, 9, ink, width - 12)
    )


def _banded(wine: Wine, paper: str, ink: str, accent: str) -> str:
    """A coloured band carries the name of the producer."""
    x, width = _paper(wine)
    return (
        f'<rect x="{x}" y="152" width="{width}" height="110" fill="{paper}"/>'
        f'<rect x="{x}" y="160" width="{width}" height="32" fill="{ink}"/>'
        + _text(_lines(wine.producer, 15), 173, 7, paper, width - 8, family=SANS)
        + _text(_lines(wine.label, 13, 3), 208, 9.5, ink, width - 10)
        + f'<path d="M70 240H130" stroke="{accent}" stroke-width=".8"/>'
        + _text([_year(wine)], 254, 9, ink, width - 12)
    )


def _modern(wine: Wine, paper: str, ink: str, accent: str) -> str:
    """A tall plain label with a disc and small type."""
    x, width = _paper(wine)
    inset = 7
    return (
        f'<rect x="{x + inset}" y="144" width="{width - 2 * inset}" height="120" rx="2" fill="{paper}"/>'
        f'<circle cx="100" cy="166" r="14" fill="{accent}"/>'
        f'<circle cx="104" cy="162" r="14" fill="{ink}" opacity=".75"/>'
        + _text(
            _lines(wine.label, 12, 3),
            194,
            8.5,
            ink,
            width - 2 * inset - 6,
            family=SANS,
            style="font-weight:bold",
        )
        + _text(_lines(wine.producer, 14), 234, 6, ink, width - 2 * inset - 6, family=SANS)
        + _text([_year(wine)], 258, 7, ink, width - 24, family=SANS, style="letter-spacing:2px")
    )


def _crest(wine: Wine, paper: str, ink: str, accent: str) -> str:
    """An arched label with the producer's initial in a shield."""
    x, width = _paper(wine)
    right = x + width
    return (
        f'<path d="M{x} 262V162Q100 130 {right} 162V262Z" fill="{paper}"/>'
        f'<path d="M90 152H110V166Q110 174 100 178Q90 174 90 166Z" fill="{ink}" stroke="{accent}" stroke-width=".8"/>'
        + _text([wine.producer.split()[-1][0].upper()], 169, 13, paper, 18)
        + _text(_lines(wine.producer, 14), 190, 7, ink, width - 8, style="font-variant:small-caps")
        + _text(_lines(wine.label, 13, 3), 213, 9.5, ink, width - 8, style="font-weight:bold")
        + _text([_year(wine)], 256, 8.5, ink, width - 12)
    )


def _paper(wine: Wine) -> tuple[int, int]:
    """Left edge and width of a label on this bottle; slim bottles have slim labels."""
    width = {"flute": 60, "bordeaux": 68, "port": 72}.get(wine.shape, 78)
    return 100 - width // 2, width


def _year(wine: Wine) -> str:
    return str(wine.vintage) if wine.vintage else ""


def _text(
    lines: Sequence[str],
    top: float,
    size: float,
    fill: str,
    room: float,
    *,
    family: str = SERIF,
    style: str = "",
) -> str:
    """Centred lines below one another, each small enough for the room they have."""
    # A letter is about 0.55 of the type size wide.
    size = min(size, room / (0.55 * max(1, *(len(line) for line in lines))))
    spans = "".join(
        f'<tspan x="100" y="{top + number * size * 1.15:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return (
        f'<text font-family="{family}" font-size="{size:.1f}" text-anchor="middle" fill="{fill}" '
        f'style="{style}">{spans}</text>'
    )


def _lines(text: str, width: int, most: int = 2) -> list[str]:
    """Break a name into lines of about ``width`` letters, ``most`` at the utmost, one more when it is long."""
    most += len(text) > 40
    width = max(width, len(text) // most + 3)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
