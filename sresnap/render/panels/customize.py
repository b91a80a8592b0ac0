"""The settings that a reader can choose on this device."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.render.assets import DEFAULT_ACCENT

ACCENTS = (
    (DEFAULT_ACCENT, "Slate"), ("#156294", "Blue"), ("#0f766e", "Teal"), ("#3f7d20", "Green"),
    ("#a16207", "Ochre"), ("#b4441c", "Rust"), ("#9d174d", "Berry"), ("#6d3fc0", "Violet"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customize:
    """The settings that a reader can choose on this device."""

    accents: tuple[tuple[str, str], ...] = ACCENTS
