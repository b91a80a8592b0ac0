"""Checks recurrence rules of corrections: RFC 5545, section 3.3.10, in whole minutes.

dateutil accepts anything that looks like a rule. For a rule that never happens it tries every hour up to the year 9999,
and for an interval of 0 the same hour for ever. So rules are checked before dateutil sees them, and the search for a
first occurrence begins near the end of dateutil's time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from sresnap.config.corrections import CorrectionRule, epoch, local, parts_of
from sresnap.config.expected import ExpectedError, nearest
from sresnap.config.readers import FIRST_YEAR
from sresnap.model.windows import DAY, HOUR, LAST_YEAR
from sresnap.printable import quotable

_EVERYWHERE = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYDAY", "BYHOUR", "BYMINUTE")
_PARTS = {
    "HOURLY": (*_EVERYWHERE, "BYMONTHDAY"),
    "DAILY": (*_EVERYWHERE, "BYMONTHDAY"),
    "WEEKLY": (*_EVERYWHERE, "BYSETPOS"),
    "MONTHLY": (*_EVERYWHERE, "BYMONTHDAY", "BYSETPOS"),
    "YEARLY": (*_EVERYWHERE, "BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"),
}
"""By frequency, the parts that the RFC's table allows, without the parts that only lengthen the search."""
_RANGES = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
}
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_UNTIL = re.compile(r"(\d{8})(T\d{6})?(Z)?")
_LATER = 19 * 400
"""Years: the calendar repeats after 400, and dateutil's search ends with the year 9999, not long after."""


def normalized_rule(text: str, first: datetime, zone: ZoneInfo) -> str:
    """A rule in capitals, with its UNTIL by the clock of the zone.

    >>> normalized_rule("freq=weekly;until=20261231T230000Z", datetime(2026, 1, 4, 2), ZoneInfo("Europe/Berlin"))
    'FREQ=WEEKLY;UNTIL=20270101T000000'

    Args:
        text: the rule in the file, with or without `RRULE:`.
        first: the first occurrence, by the clock of the zone.
        zone: the configured one.

    Raises:
        ExpectedError: the text is not a rule, or the rule never happens.
    """
    parts = _parts(text)
    _check_frequency(parts)
    _check_counts(parts)
    for name, (low, high) in _RANGES.items():
        _check_numbers(parts, name, low, high)
    _check_days(parts)
    if "UNTIL" in parts:
        parts["UNTIL"] = _local_until(parts["UNTIL"], zone)
    _check_that_it_happens(parts, first)
    return _joined(parts)


def most_occurrences(rule: str, seconds: int) -> int:
    """How many occurrences a normalized rule has at most in any span of so many seconds."""
    parts = parts_of(rule)
    hours = parts["BYHOUR"].count(",") + 1 if "BYHOUR" in parts else 1
    days = {"HOURLY": 1, "DAILY": 1, "WEEKLY": parts.get("BYDAY", "").count(",") + 1, "MONTHLY": 31, "YEARLY": 366}
    period = {"HOURLY": HOUR, "DAILY": DAY, "WEEKLY": 7 * DAY, "MONTHLY": 28 * DAY, "YEARLY": 365 * DAY}
    frequency = parts["FREQ"]
    by_date = frequency in ("MONTHLY", "YEARLY") and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
    in_period = (1 if by_date else days[frequency]) * (1 if frequency == "HOURLY" else hours)
    most = (seconds // (period[frequency] * int(parts.get("INTERVAL", "1"))) + 2) * in_period
    return min(most, int(parts["COUNT"])) if "COUNT" in parts else most


def most_at_once(rules: Sequence[CorrectionRule], seconds: int, timezone: str) -> int:
    """How many occurrences overlap a window of so many seconds at most, wherever it lies.

    Single ones count as they lie, rules by how many occurrences they can have.

    >>> single = [CorrectionRule("x", datetime(2026, month, 1), HOUR) for month in (1, 2, 3, 6)]
    >>> most_at_once(single, 40 * DAY, "UTC")  # from January to February, or from February to March
    2
    """
    zone = ZoneInfo(timezone)
    recurring = [rule for rule in rules if rule.rrule is not None]
    starts = [(epoch(local(rule.first, zone), zone), rule.seconds) for rule in rules if rule.rrule is None]
    # A window overlaps an occurrence if its end lies after the start, and at most its own length after the end.
    edges = sorted(edge for start, length in starts for edge in ((start, 1), (start + length + seconds, -1)))
    together = max(accumulate(change for _, change in edges), default=0)
    return together + sum(most_occurrences(rule.rrule or "", seconds + rule.seconds) for rule in recurring)


def _joined(parts: Mapping[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _check_that_it_happens(parts: Mapping[str, str], first: datetime) -> None:
    """Search about two centuries or more for an occurrence, in a calendar with the same days of the week."""
    from dateutil.rrule import rrulestr

    moved = dict(parts)
    if "UNTIL" in moved:
        moved["UNTIL"] = f"{int(moved['UNTIL'][:4]) + _LATER}{moved['UNTIL'][4:]}"
    try:
        found = next(iter(rrulestr(_joined(moved), dtstart=first.replace(year=first.year + _LATER))), None)
    except (ValueError, TypeError) as error:
        # The remaining mistakes are parts that exclude one another, such as every second hour at an odd hour.
        raise ExpectedError(f"a rule that happens at least once ({quotable(str(error), 80)})") from None
    if found is None:
        raise ExpectedError("a rule that happens at least once")


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise ExpectedError("a recurrence rule such as FREQ=WEEKLY;BYDAY=SU, each part once")
        parts[name] = value
    return parts


def _check_frequency(parts: Mapping[str, str]) -> None:
    frequency = parts.get("FREQ", "")
    if frequency not in _PARTS:
        raise ExpectedError(
            f"a recurrence rule such as FREQ=WEEKLY;BYDAY=SU, with a FREQ of {', '.join(_PARTS)}",
            nearest(frequency, _PARTS),
        )
    known = _PARTS[frequency]
    for name in parts:
        if name not in known:
            expected = f"with FREQ={frequency} only {', '.join(known[1:])}, not {name}"
            raise ExpectedError(expected, nearest(name, known))


def _check_counts(parts: Mapping[str, str]) -> None:
    for name, digits in (("INTERVAL", 6), ("COUNT", 5)):  # dateutil counts one after the other
        if name in parts and not re.fullmatch(rf"0*[1-9]\d{{0,{digits - 1}}}", parts[name]):
            raise ExpectedError(f"{name} a whole number from 1 to {10**digits - 1}, not {quotable(parts[name], 20)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ExpectedError("either COUNT or UNTIL, not both")


def _check_numbers(parts: Mapping[str, str], name: str, low: int, high: int) -> None:
    if name not in parts:
        return
    values = parts[name].split(",")
    known = all(re.fullmatch(r"[+-]?\d{1,3}", value) and low <= int(value) <= high for value in values)
    if not known or (low < 0 and 0 in map(int, values)):
        zero = " and not 0" if low < 0 else ""
        raise ExpectedError(f"{name} from {low} to {high}{zero}, not {quotable(parts[name], 20)}")
    if name == "BYMINUTE" and len(values) > 1:
        raise ExpectedError("one minute in BYMINUTE", "write a correction for each of the others")


def _check_days(parts: Mapping[str, str]) -> None:
    """Check the days of the week, and that the months have the days of the month."""
    ordinal = r"(?:[+-]?\d{1,2})?" if parts["FREQ"] in {"MONTHLY", "YEARLY"} else ""
    if "BYDAY" in parts and not re.fullmatch(f"{ordinal}{_DAY}(?:,{ordinal}{_DAY})*", parts["BYDAY"]):
        numbered = "; numbers such as 1MO only with FREQ=MONTHLY or YEARLY" if re.search(r"\d", parts["BYDAY"]) else ""
        raise ExpectedError(f"BYDAY of MO, TU, WE, TH, FR, SA, SU{numbered}")
    if "WKST" in parts and not re.fullmatch(_DAY, parts["WKST"]):
        raise ExpectedError("a WKST of MO, TU, WE, TH, FR, SA, SU")
    months = [int(month) for month in parts.get("BYMONTH", "1").split(",")]
    days = [abs(int(day)) for day in parts.get("BYMONTHDAY", "1").split(",")]
    if min(days) > max(_LONGEST_MONTHS[month - 1] for month in months):
        raise ExpectedError("a rule that happens at least once", "no month of BYMONTH has a day of BYMONTHDAY")


def _local_until(text: str, zone: ZoneInfo) -> str:
    """The end of a rule by the zone's clock. A date without a time means that whole day."""
    expected = "UNTIL as 20261231, 20261231T235900 or 20261231T225900Z"
    found = _UNTIL.fullmatch(text)
    if found is None or (found[3] and not found[2]):
        raise ExpectedError(expected)
    try:
        until = datetime.strptime(found[1] + (found[2] or "T235959"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise ExpectedError(expected) from None
    if not FIRST_YEAR <= until.year <= LAST_YEAR:
        raise ExpectedError(f"UNTIL in the years {FIRST_YEAR} to {LAST_YEAR}")
    return f"{until.astimezone(zone) if found[3] else until:%Y%m%dT%H%M%S}"
