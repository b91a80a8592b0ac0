"""The clock, for the two edges of the program: `cli` and `api`. They hand the time on to everything below.

`docs/architecture.md` names the few other modules that read the clock, and a test compares.
"""

from __future__ import annotations

import time

from sresnap.errors import UsageError
from sresnap.model.windows import END_OF_TIME


def now() -> int:
    """The current time, seconds since the epoch.

    Raises:
        UsageError: the clock is so wrong that its years have five digits.
    """
    found = int(time.time())
    if not 0 <= found < END_OF_TIME:
        message = f"this machine's clock is wrong: it shows {found} seconds since 1970"
        raise UsageError(message, "set the clock (timedatectl) and run the command again")
    return found
