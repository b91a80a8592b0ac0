"""What each application answers, and how long it takes."""

import time

SLOW_SECONDS = 0.7
STATUS = {"/ok": 200, "/bad": 500, "/slow": 200}


def answer(path: str) -> int:
    """The status of a path, after its time."""
    if path == "/slow":
        time.sleep(SLOW_SECONDS)
    return STATUS.get(path, 404)
