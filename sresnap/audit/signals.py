"""Golden signals and capacities: each is the answer of a query, in the unit of the report."""

from __future__ import annotations

from collections.abc import Mapping

from sresnap.audit.queries import asked_for
from sresnap.audit.slo import Derivation
from sresnap.model.signals import CAPACITY_NAMES, SIGNALS
from sresnap.model.snapshot import QueryRecord, ServiceReport, Snapshot
from sresnap.model.windows import iso

_KEYS = {name: key for key, name in CAPACITY_NAMES.items()}
_UNITS = {"ratio": "ratio", "seconds": "seconds", "per_second": "per second"}


def signal_derivations(snapshot: Snapshot, service: ServiceReport) -> Mapping[str, Derivation]:
    """By its key: the value, the unit, and the query with its time."""
    return {
        key: _answer(
            key,
            signal.value,
            signal.unit,
            signal.absent,
            _queries_of(snapshot, service, key, "signal", "1h"),
            snapshot.at,
        )
        for key, signal in service.signals.items()
    }


def capacity_derivations(snapshot: Snapshot, service: ServiceReport) -> Mapping[str, Derivation]:
    """By its name in the report, `vps_cpu`."""
    found = {}
    for name, value in service.capacity.items():
        queries = _queries_of(snapshot, service, _KEYS.get(name, name), "capacity", "now")
        found[name] = _answer(name, value, "ratio", service.capacity_absent.get(name), queries, snapshot.at)
    return found


def _answer(
    name: str, value: float | None, unit: str, absent: str | None, queries: tuple[QueryRecord, ...], at: int
) -> Derivation:
    signal = SIGNALS.get(_KEYS.get(name, name))
    formula = "the query's answer, in percent / 100" if signal is not None and signal.percent else "the query's answer"
    return Derivation(
        f"{name}, {_UNITS.get(unit, unit)}",
        value,
        formula,
        None if value is None else repr(value),
        samples=f"as of {iso(queries[0].time if queries else at)}",
        queries=queries,
        why=None if value is not None else absent or "no value at that moment",
    )


def _queries_of(
    snapshot: Snapshot, service: ServiceReport, key: str, purpose: str, window: str
) -> tuple[QueryRecord, ...]:
    return asked_for(
        snapshot, service, lambda query: (query.signal, query.purpose, query.window) == (key, purpose, window)
    )
