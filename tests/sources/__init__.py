"""Presets against the real thing, for `make sources`: real proxies, applications and exporters under a counted load.

`source.py` says what a source is, `load.py` sends and counts, `programs.py` starts and stops, `fleet.py` has all of it
together, `counts.py` compares. The others start sources of one kind. The applications are in `apps/` and run with
the Python that `tests/sources.sh` prepares.
"""
