"""A few series over four hours, one sample a minute, whose values are easy to work out."""

from __future__ import annotations

from sresnap.model.windows import HOUR, MINUTE, parse_time

END = parse_time("2026-11-22T21:00:00Z")
START = END - 4 * HOUR
SERVICES = ("api", "web", "worker")


def openmetrics() -> str:
    """The samples as OpenMetrics text.

    level{service}: 1, 2, 3 for api, web, worker, always. level{service="web"} has a gap of half an hour from END − 2h.
    by_pod{service="api", pod="a" or "b"}: two series for one service.
    odd{service}: NaN for api, +Inf for web, 7 for worker.
    """
    lines: list[str] = ["# TYPE level gauge"]
    times = range(START, END + 1, MINUTE)
    for value, service in enumerate(SERVICES, 1):
        for time in times:
            if not (service == "web" and END - 2 * HOUR <= time < END - 2 * HOUR + 30 * MINUTE):
                lines.append(f'level{{service="{service}"}} {value} {time}')
    lines.append("# TYPE by_pod gauge")
    for pod in ("a", "b"):
        lines += [f'by_pod{{service="api",pod="{pod}",zone="z"}} 1 {time}' for time in times]
    lines.append("# TYPE odd gauge")
    for service, text in zip(SERVICES, ("NaN", "+Inf", "7"), strict=True):
        lines += [f'odd{{service="{service}"}} {text} {time}' for time in times]
    return "\n".join([*lines, "# EOF", ""])
