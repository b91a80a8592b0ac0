r"""Makes text from outside printable: what a server, a file, a name or a variable holds must not steer a terminal.

Control characters, overrides of the writing direction and halves of surrogate pairs are shown as their escape, such as
`\u001b`, which JSON reads as the same character. Text that holds secrets is redacted first, then made printable, then
shortened: in the other order a part of a secret may stay that no search finds.
"""

from __future__ import annotations

import re

MOST_LETTERS = 300
"""Of a text that a message quotes."""
CONTROLS = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1, without the tab and the line break
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the marks, overrides and isolates of Unicode's bidi algorithm
    r"\u2028\u2029\ufeff\ufff9-\ufffb\ufffe\uffff"  # line ends and marks that XML or JavaScript cannot hold
)
"""What steers a terminal, or hides in which order a text is read, for a class of a regular expression. Tabs and line
breaks do not."""
_CONTROL = re.compile(f"[{CONTROLS}]")
_UNSAFE = CONTROLS + r"\ud800-\udfff"
_IN_LINE = re.compile(f"[{_UNSAFE}]")
_ON_TERMINAL = re.compile(rf"(\x1b\[[0-9;?]*[A-Za-z]|\r)|[{_UNSAFE}]")
"""What moves the cursor or sets a colour, in group 1, and what a terminal should not get."""


def printable(text: str) -> str:
    """A text in one line of printable characters."""
    return _IN_LINE.sub(_escape, " ".join(text.split()))


def quotable(text: str, most: int = MOST_LETTERS) -> str:
    """A text in one printable line of at most `most` characters."""
    line = printable(text[: most * 100])
    return line if len(line) <= most else f"{line[: most - 1]}…"


def for_output(text: str, *, is_terminal: bool) -> str:
    """A text that may have several lines as an output may get it; a terminal gets our own colours and bars."""

    def escape(found: re.Match[str]) -> str:
        return found[0] if is_terminal and found[1] else "".join(map(_escaped, found[0]))

    return _ON_TERMINAL.sub(escape, text)


def has_unprintable(text: str) -> bool:
    """Whether a text has a character that cannot be printed, a tab or a line break included."""
    return _IN_LINE.search(text) is not None or "\t" in text or "\n" in text


def control_character(text: str) -> str | None:
    """The first one of a text, if any. Tabs and line breaks, which queries have, do not count, nor does CR LF."""
    found = _CONTROL.search(text.replace("\r\n", "\n"))
    return None if found is None else found[0]


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


def _escaped(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if _IN_LINE.match(letter) else letter
