"""Lists what is missing or doubtful in a report."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.compute.service_report import ReportInput
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import DEFAULT_SOURCE
from sresnap.model.signals import CAPACITY_NAMES
from sresnap.model.slo import Flag
from sresnap.model.snapshot import Problem, ServiceReport
from sresnap.model.status import Status

_KINDS = {Status.NO_DATA: ProblemKind.NO_DATA, Status.INSUFFICIENT: ProblemKind.INSUFFICIENT}
_NOT_PROBLEMS = {Flag.LOW_TRAFFIC, Flag.JUST_BEGUN}
"""Reasons not to judge an SLO that are not a problem of the report: no data is missing."""


def problems(gathered: ReportInput, reports: Sequence[ServiceReport]) -> tuple[Problem, ...]:
    """Failed queries, warnings, and data that is missing."""
    return (*_of_sources(gathered), *_failures(gathered), *_warnings(gathered), *_missing(reports, gathered))


def _of_sources(gathered: ReportInput) -> list[Problem]:
    """One problem for each service of a source that answered nothing, in place of one for each query and objective."""
    failed = gathered.failed_sources
    return [
        Problem(failed[service.source].kind, failed[service.source].message, service.name)
        for service in gathered.services
        if service.source in failed
    ]


def _failures(gathered: ReportInput) -> list[Problem]:
    """One problem for each message of a signal; without a service when it concerns all services."""
    failed: dict[tuple[str, ProblemKind, str], dict[str, None]] = {}
    for result in gathered.answers.results:
        if result.query.source in gathered.failed_sources:
            continue
        for service, failure in result.failures.items():
            failed.setdefault((str(result.query.series_key), failure.kind, failure.message), {})[service] = None
    found = []
    for (signal, kind, message), services in failed.items():
        everyone = len(services) == len(gathered.services) > 1
        found += [Problem(kind, message, name, signal) for name in ([None] if everyone else services)]
    return found


def _warnings(gathered: ReportInput) -> list[Problem]:
    texts: dict[tuple[str, str, str], None] = {}
    for result in gathered.answers.results:
        query = result.query
        who = "Prometheus" if query.source == DEFAULT_SOURCE else f"Source {query.source}"
        for run in result.runs:
            texts |= dict.fromkeys((str(query.series_key), who, warning) for warning in run.warnings)
    return [Problem(ProblemKind.WARNING, f"{who} warns: {text}", None, signal) for signal, who, text in texts]


def _missing(reports: Sequence[ServiceReport], gathered: ReportInput) -> list[Problem]:
    failed = {
        (service, str(result.query.series_key)) for result in gathered.answers.results for service in result.failures
    }
    found = []
    queries = {service.name: service.queries for service in gathered.services}
    without_data = [(s.name, slo) for s in reports for slo in s.slos if slo.status is Status.NO_DATA]
    reported = {(name, key) for name, slo in without_data for key in slo.series}
    for (name, key), cause in gathered.causes.items():
        if (name, str(key)) not in reported:
            found.append(Problem(ProblemKind.NO_SERIES, cause, name, str(key)))
    for service in reports:
        found += [
            Problem(_KINDS[slo.status], slo.reason, service.name, slo.name)
            for slo in service.slos
            if not slo.status.is_judged
            and not _NOT_PROBLEMS.intersection(slo.flags)
            and service.source not in gathered.failed_sources  # whose problem says it already
        ]
        absent = {key: signal.absent for key, signal in service.signals.items()}
        absent |= {key: service.capacity_absent.get(name) for key, name in CAPACITY_NAMES.items()}
        found += [
            Problem(ProblemKind.NO_SERIES, why, service.name, key)
            for key, why in absent.items()
            if why and key in queries[service.name] and (service.name, key) not in failed
        ]
    return found
