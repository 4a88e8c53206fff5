"""Days and moments in the spellings of exports."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from nlu.lexical.dates import LONGEST, read_day, read_interval, read_moment

HERE = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2031-05-09", date(2031, 5, 9)),
        ("2031/05/09", date(2031, 5, 9)),
        ("09.05.2031", date(2031, 5, 9)),
        ("9.5.31", date(2031, 5, 9)),
        ("05/09/2031", date(2031, 5, 9)),
        ("5/9/31", date(2031, 5, 9)),
        ("19/05/2031", date(2031, 5, 19)),
        ("05/19/2031", date(2031, 5, 19)),
        ("05.19.2031", date(2031, 5, 19)),
        ("31.02.2031", None),
        ("2031", None),
        ("soon", None),
    ],
)
def test_a_day(text, day):
    found = read_day(text)
    assert (found[0] if found else None) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2031-05-09T10:30+0100", datetime(2031, 5, 9, 9, 30, tzinfo=UTC)),
        ("2031-05-09T10:30:15Z", datetime(2031, 5, 9, 10, 30, 15, tzinfo=UTC)),
        ("2031-05-09 10:30:00", datetime(2031, 5, 9, 8, 30, tzinfo=UTC)),
        ("5/9/31, 10:30 PM", datetime(2031, 5, 9, 20, 30, tzinfo=UTC)),
        ("5/9/31, 12:30 AM", datetime(2031, 5, 8, 22, 30, tzinfo=UTC)),
        ("09.05.2031", datetime(2031, 5, 8, 22, tzinfo=UTC)),
        ("1936087200", datetime.fromtimestamp(1936087200, UTC)),
        ("2031-05-09 25:00", None),
        ("2031-05-09 noon", None),
        ("", None),
        ("2031-05-09" + " " * LONGEST + "1", None),
    ],
)
def test_a_moment(text, moment):
    assert read_moment(text, HERE) == moment


def test_a_day_as_an_end_lasts_to_its_end():
    assert read_moment("2031-05-09", UTC, end=True) == datetime(2031, 5, 10, tzinfo=UTC)
    assert read_moment("2031-05-09 10:00", UTC, end=True) == datetime(2031, 5, 9, 10, tzinfo=UTC)


def test_a_stretch_of_time():
    text = "2031-05-01T00:00+0000/2031-05-31"
    assert read_interval(text, UTC) == (
        datetime(2031, 5, 1, tzinfo=UTC),
        datetime(2031, 6, 1, tzinfo=UTC),
    )
    assert read_interval("/2031-05-31", UTC) == (None, datetime(2031, 6, 1, tzinfo=UTC))
    assert read_interval("2031-05-01", UTC) is None
    assert read_interval("05/01/2031", UTC) is None
    assert read_interval("a/b", UTC) is None
    assert read_interval("/", UTC) is None
