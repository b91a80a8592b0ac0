"""What the tested code logs. pytest's own plugin for it costs each test of the suite a third of a millisecond."""

import contextlib
import logging


@contextlib.contextmanager
def logged():
    """Keep each record of any level while the block runs.

    Yields:
        The records so far.
    """
    records, root = [], logging.getLogger()
    handler, level = logging.Handler(), root.level
    handler.emit = records.append
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield records
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
