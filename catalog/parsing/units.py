"""Units of measure: the spellings feeds use, one symbol for each, and how those of a family convert."""

from __future__ import annotations

import re

from catalog.parsing.wordlist import words

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "mm": ("mm", "millimetre", "millimetres", "millimeter", "millimeters"),
    "cm": ("cm", "cms", "centimetre", "centimetres", "centimeter", "centimeters"),
    "m": ("m", "metre", "metres", "meter", "meters"),
    "km": ("km", "kilometre", "kilometres", "kilometer", "kilometers"),
    "in": ("in", "inch", "inches", '"', "''", "\u2033", "\u201d", "zoll"),
    "ft": ("ft", "foot", "feet", "\u2032"),
    "mg": ("mg", "milligrams"),
    "g": ("g", "gr", "gram", "grams", "gramm"),
    "kg": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"),
    "oz": ("oz", "ounce", "ounces"),
    "lb": ("lb", "lbs", "pound", "pounds"),
    "ml": ("ml", "millilitre", "millilitres", "milliliter", "milliliters"),
    "cl": ("cl", "centilitre", "centilitres"),
    "l": ("l", "ltr", "litre", "litres", "liter", "liters"),
    "KB": ("kb",),
    "MB": ("mb", "megabyte", "megabytes"),
    "GB": ("gb", "gigabyte", "gigabytes", "gig"),
    "TB": ("tb", "terabyte", "terabytes"),
    "Hz": ("hz", "hertz"),
    "kHz": ("khz",),
    "MHz": ("mhz",),
    "GHz": ("ghz",),
    "mAh": ("mah",),
    "Wh": ("wh",),
    "W": ("w", "watt", "watts"),
    "kW": ("kw",),
    "V": ("v", "volt", "volts"),
    "A": ("amp", "amps"),
    "Ohm": ("ohm", "ohms", "\u03c9", "\u2126"),
    "dB": ("db",),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "min": ("min", "mins", "minute", "minutes"),
    "days": ("day", "days"),
    "months": ("month", "months"),
    "years": ("year", "years", "yrs"),
    "%": ("%", "percent", "pct", "% vol", "%vol", "vol%", "vol %", "% abv"),
    "mpg": ("mpg", "miles per gallon", "miles_per_gallon"),
    "mph": ("mph",),
    "km/h": ("km/h", "kmh", "kph"),
    "hp": ("hp", "bhp", "horsepower", "ps"),
    "px": ("px", "pixel", "pixels"),
    "MP": ("mp", "megapixel", "megapixels"),
    "ppi": ("ppi",),
    "dpi": ("dpi",),
    "rpm": ("rpm",),
    "lm": ("lumen", "lumens", "lm"),
    "kcal": ("kcal", "calories", "cal"),
    "\u00b0C": ("\u00b0c",),
    "pcs": ("pcs", "pieces", "piece", "pc", "stk"),
}
SYMBOLS: dict[str, str] = {
    spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings
}
"""Lower-case spelling -> the symbol used for the unit everywhere."""

_FAMILIES: tuple[dict[str, float], ...] = (
    {"mm": 1.0, "cm": 10.0, "m": 1000.0},
    {"in": 1.0, "ft": 12.0},
    {"mg": 0.001, "g": 1.0, "kg": 1000.0},
    {"oz": 1.0, "lb": 16.0},
    {"ml": 1.0, "cl": 10.0, "l": 1000.0},
    {"KB": 1.0, "MB": 1000.0, "GB": 1e6, "TB": 1e9},
    {"Hz": 1.0, "kHz": 1000.0, "MHz": 1e6, "GHz": 1e9},
    {"W": 1.0, "kW": 1000.0},
    {"min": 1.0, "h": 60.0},
    {"months": 1.0, "years": 12.0},
)
_SHORT = frozenset(
    {"m", "g", "l", "h", "w", "v", "in", "a", "min", "mp", "cal", "day", "pc", "piece", "pieces"}
)
_SPANS = frozenset({"year", "month", "day", "hour", "minute"})
"""Words that at the end of a name mean a date or a clock: "release year"."""
_SAID = frozenset({"mpg", "mph", "hp", "%", "px", "MP", "dpi", "ppi", "rpm", "pcs"})
"""Units without which the name says too little: "city mpg"."""
MEASURES = words(
    "weight length height width depth diameter volume capacity distance size thickness power "
    "net gross battery life quantity count number pieces stars rating"
)
"""Words of a column name that announce an amount."""


def factor(source: str, target: str) -> float | None:
    """What a number in ``source`` is multiplied with to be in ``target``; None where they do not convert."""
    if source == target:
        return 1.0
    for family in _FAMILIES:
        if source in family and target in family:
            return family[source] / family[target]
    return None


def unit_in_name(name: str) -> tuple[str | None, str]:
    """The unit a column name states, and the name without it: "Weight (kg)" -> ("kg", "Weight")."""
    bracketed = re.search(r"[(\[]\s*(?:in\s+)?([^()\[\]]{1,20}?)\s*[)\]]", name)
    if bracketed and _abbreviates(name[: bracketed.start()], bracketed.group(1)):
        return None, (name[: bracketed.start()] + name[bracketed.end() :]).strip()
    if bracketed and (unit := SYMBOLS.get(bracketed.group(1).lower())):
        return unit, (name[: bracketed.start()] + name[bracketed.end() :]).strip()
    words = [word for word in re.split(r"[\s_\-.]+", name) if word]
    lower = [word.lower() for word in words]
    if " ".join(lower) in SYMBOLS and len(words) > 1:
        return SYMBOLS[" ".join(lower)], name
    if len(words) == 1 and len(name) >= 4 and name.endswith("s") and lower[0] in SYMBOLS:
        return SYMBOLS[lower[0]], name
    if lower[-1:] and lower[-1] in _SPANS:
        return None, name
    if len(words) > 1 and lower[-1] in SYMBOLS:
        stated = len(words) > 2 and lower[-2] == "in"
        if stated or lower[-1] not in _SHORT or lower[-2] in MEASURES:
            kept = words if SYMBOLS[lower[-1]] in _SAID else words[: -2 if stated else -1]
            return SYMBOLS[lower[-1]], " ".join(kept)
    if "%" in name or lower[-1:] == ["percent"]:
        return "%", name
    return None, name


def _abbreviates(before: str, letter: str) -> bool:
    """Whether a capital in brackets only repeats the word before it: "Zoom wide (W)", "Height (H)"."""
    word = (before.split() or [""])[-1]
    named = word.lower() in SYMBOLS or word.lower().startswith("watt")
    return len(letter) == 1 and letter.isupper() and word[:1].upper() == letter and not named
