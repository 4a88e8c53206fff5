"""Days and moments as programs and people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

LONGEST = 40
"""Letters of the longest text that is read as one moment."""
_DAY = re.compile(
    r"^(?:(?P<iso>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})[./-](?P<year>\d{4}|\d{2}))"
)
_CLOCK = re.compile(
    r"^[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*"
    r"(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_STAMP = re.compile(r"^\d{10}$")
_CENTURY = 2000
"""Years of two digits belong to this century: nobody plans a sale for the last one."""


def read_day(text: str) -> tuple[date, str] | None:
    """A day at the start of a text, and what follows it: "01.05.2031 10:00" -> (1 May 2031, " 10:00").

    Of two numbers before the year the first is the day with dots, the month with slashes, unless it is above 12.

    Returns:
        None where no day stands, or one that does not exist.
    """
    match = _DAY.match(text)
    if match is None:
        return None
    if match["iso"]:
        year, month, day = (int(match[part]) for part in ("iso", "month", "day"))
    else:
        first, second, year = (int(match[part]) for part in ("first", "second", "year"))
        year += _CENTURY if year < 100 else 0
        american = match["mark"] == "/" and first <= 12
        month, day = (first, second) if american or second > 12 else (second, first)
    try:
        return date(year, month, day), text[match.end() :]
    except ValueError:
        return None


def read_moment(text: str, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """A moment: "2031-05-01T00:00+0100", "01.05.2031", "5/1/31 10:00 PM", or the seconds since 1970.

    Args:
        text: the cell.
        zone: where it is not written with the moment.
        end: a day alone means its end; else its beginning.

    Returns:
        In UTC; None when the text is no moment.
    """
    text = text.strip()
    if len(text) > LONGEST:
        return None
    if _STAMP.match(text):
        return datetime.fromtimestamp(int(text), UTC)
    day_reading = read_day(text)
    if day_reading is None:
        return None
    day, rest = day_reading
    if not rest.strip():
        moment = datetime.combine(day, time(), zone)
        return (moment + timedelta(days=1) if end else moment).astimezone(UTC)
    clock = _CLOCK.match(rest)
    if clock is None:
        return None
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    try:
        at = time(hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        return None
    return datetime.combine(day, at, _zone(clock["zone"], zone)).astimezone(UTC)


def _zone(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(offset if text[0] == "+" else -offset)


def read_interval(text: str, zone: tzinfo) -> tuple[datetime | None, datetime | None] | None:
    """A stretch of time as ISO 8601 writes it, "2031-05-01T00:00+0100/2031-05-31T23:59+0100"; either end may lack.

    Args:
        text: the cell.
        zone: where a moment is written without one.

    Returns:
        None when the text is no stretch.
    """
    if text.count("/") != 1:
        return None
    first, last = text.split("/")
    start, stop = read_moment(first, zone), read_moment(last, zone, end=True)
    if (first.strip() and start is None) or (last.strip() and stop is None):
        return None
    return (start, stop) if start or stop else None
