"""Times as readers see them: in the configured IANA zone, with its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sresnap.model.windows import DAY, HOUR, MINUTE, iso

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_STEPS = tuple(
    timedelta(seconds=s) for s in (MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR)
)
_LONG_STEPS = (6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 364 * DAY)
_ALL_STEPS = (*_STEPS, *(timedelta(seconds=s) for s in _LONG_STEPS))
FEW_TICKS = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a `<time>` element has it."""

    iso: str
    """RFC 3339, UTC."""
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Formats times in one zone. Names are English in every locale, so that bytes are the same everywhere."""

    zone: ZoneInfo

    @classmethod
    def of(cls, name: str) -> Clock:
        return cls(ZoneInfo(name))

    def local(self, time: int) -> datetime:
        return datetime.fromtimestamp(time, UTC).astimezone(self.zone)

    def moment(self, time: int) -> Moment:
        """`22 Nov 2026, 22:30 CET`."""
        local = self.local(time)
        return Moment(
            iso(time), f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} {self.abbreviation(local)}"
        )

    def abbreviation(self, local: datetime) -> str:
        """`CET`; the offset for a zone without letters: `UTC+03`."""
        name = local.tzname() or "UTC"
        return f"UTC{name}" if name[0] in "+-" else name

    def minute(self, time: int) -> str:
        """`22:30`."""
        return f"{self.local(time):%H:%M}"

    def day(self, time: int) -> str:
        """`22 Nov`."""
        local = self.local(time)
        return f"{local.day} {_MONTHS[local.month - 1]}"

    def day_minute(self, time: int) -> str:
        """`Sun 22 Nov 22:30`."""
        local = self.local(time)
        return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"

    def label(self, time: int, span: int) -> str:
        """A time on an axis of `span` seconds: without the day if that is at most a day long."""
        return self.minute(time) if span <= DAY else self.day_minute(time)

    def ticks(self, start: int, end: int, most: int = FEW_TICKS) -> tuple[tuple[int, str], ...]:
        """Round local times from start to end, with labels; at most `most` intervals between them."""
        span = timedelta(seconds=end - start)
        step = next((s for s in _ALL_STEPS if span / s <= most), _ALL_STEPS[-1])
        midnight = self.local(start).replace(hour=0, minute=0, second=0, microsecond=0)
        found: list[tuple[int, str]] = []
        wall = midnight
        while (time := int(wall.astimezone(UTC).timestamp())) <= end:
            if time >= start:
                found.append((time, self.day(time) if step >= timedelta(days=1) else self.minute(time)))
            wall += step
        return tuple(found)
