"""Targets whose publisher dies. Imports little, because processes that die import it, too."""

import os

SOAK = int(os.environ.get("ROUNDS", "10")) >= 50  # `make soak` kills at every write, and at every pair


class Killed(BaseException):
    """Like a kill, nothing catches it."""


class Killing:
    """A target whose publisher dies right before, or right after, its n-th write."""

    def __init__(self, target, writes, *, after, die=None):
        self._target, self._left, self._after, self._die = target, writes, after, die

    def __getattr__(self, name):
        found = getattr(self._target, name)
        return self._counted(found) if name in ("put", "swap", "delete") else found

    def _counted(self, function):
        def counted(*arguments):
            self._left -= 1
            if self._left <= 0 and not self._after:
                self._kill()
            made = function(*arguments)
            if self._left <= 0:
                self._kill()
            return made

        return counted

    def _kill(self):
        if self._die is not None:
            self._die()
        raise Killed
