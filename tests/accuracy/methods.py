"""Ways to count good and bad events over a window. Each gives (good, bad) by the counter's name."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from sresnap.app.gather import gather
from sresnap.compute.service_report import service_report
from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.slo import SloReport
from sresnap.model.windows import HOUR, format_duration
from sresnap.progress import Quiet
from tests.accuracy.counters import END, Counter, counters
from tests.accuracy.engines import ask

Counts = Mapping[str, tuple[float, float]]
WINDOWS = (HOUR, 6 * HOUR, 24 * HOUR, 28 * 24 * HOUR)


def _by(url: str, query: str, path: str = "query", **form: object) -> dict[str, float]:
    """An answer's values, summed over time, by counter."""
    found = {}
    for series in ask(url, path, query=query, **form):
        points = series["values"] if "values" in series else [series["value"]]
        found[series["metric"]["counter"]] = sum(float(value) for _, value in points)
    return found


_QUERIES = """
  total: {by: counter, form: counted, selector: 'events_total{{counter=~"{counter}"}}'}
  bad:
    by: counter
    form: counted
    selector: 'events_total{{counter=~"{counter}", code="500"}}'
    siblings: 'events_total{{counter=~"{counter}"}}'
"""


@cache
def _report(url: str) -> Mapping[str, SloReport]:
    """The objective of each counter, by its name, in a report as `sresnap build` makes it."""
    names = [counter.name for counter in counters()]
    services = "".join(f"  - {{name: {name}, slo_target: 99, labels: {{counter: {name}}}}}\n" for name in names)
    reaching = f"{{url: '{url}', timeout: 5m, deadline: 20m, raw_samples: 50000000}}"
    text = f"provider: http\nprometheus: {reaching}\nqueries:{_QUERIES}services:\n{services}"
    gathered, _ = gather(loads(text, "accuracy.yaml", {}, cwd=Path.cwd()), History(), END, Quiet())
    return {service.name: service_report(gathered, service).slos[0] for service in gathered.services}


def counted(url: str, window: int) -> Counts:
    """As sresnap does, by what the samples prove."""
    return {key: (good, least) for key, (good, least, _) in bounded(url, window).items()}


def bounded(url: str, window: int) -> Mapping[str, tuple[float, float, float]]:
    """Good events, and the least and the most bad ones, as sresnap counts them."""
    found = {}
    for counter in counters():
        report = _report(url)[counter.name].windows[format_duration(window)]
        if report.good is not None and report.bad_bounds is not None:
            found[counter.name] = (report.good, *report.bad_bounds)
    return found


def increased(url: str, window: int) -> Counts:
    """Plain `increase` over the whole window."""
    text = 'sum by (counter) (increase(events_total{{code="{}"}}[{}s]))'
    good, bad = (_by(url, text.format(code, window), time=END) for code in ("200", "500"))
    return {key: (value, bad.get(key, 0.0)) for key, value in good.items()}


def mean_of_ratios(url: str, window: int) -> Counts:
    """The mean of 5-minute error ratios, as Sloth takes it for the long window, of the true number of events."""
    rate = "sum by (counter) (rate(events_total{}[5m]))"
    bad, total = rate.format('{code="500"}'), rate.format("")
    ratio = _by(url, f"avg_over_time((({bad} or 0 * {total}) / {total})[{window}s:5m])", time=END)
    found = {}
    for counter in counters():
        key = counter.name
        if key in ratio:
            total_events = sum(counter.true(code, END - window, END) for code in ("200", "500"))
            found[key] = (total_events * (1 - ratio[key]), total_events * ratio[key])
    return found


_WORKER = """
import json, sys, urllib.parse, urllib.request
from slo_generator.backends.prometheus import PrometheusBackend
url, at, jobs = json.load(sys.stdin)
class Client:
    def query(self, metric):
        data = urllib.parse.urlencode({"query": metric, "time": at}).encode()
        return urllib.request.urlopen(url + "/api/v1/query", data, timeout=120).read().decode()
backend = PrometheusBackend(client=Client())
def count(good, bad, window):
    sli = {"filter_good": good, "filter_bad": bad}
    return backend.good_bad_ratio(at, window, {"spec": {"service_level_indicator": sli}})
print(json.dumps([count(*job) for job in jobs]))
"""


def slo_generator(python: Path, url: str, at: int, jobs: list[tuple[str, str, int]]) -> list[tuple[float, float]]:
    """(good, bad) of each (filter_good, filter_bad, window), by the package's own Prometheus backend.

    It asks for the present moment; the client that it is given asks for `at`.
    """
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", _WORKER], input=json.dumps([url, at, jobs]), capture_output=True, text=True,
        check=True, timeout=300,
    )  # fmt: skip
    return [(good, bad) for good, bad in json.loads(done.stdout)]


def generated(python: Path) -> Callable[[str, int], Counts]:
    """slo-generator as a method like the others; its NO_DATA (-1) counts as no answer."""

    def method(url: str, window: int) -> Counts:
        every = counters()
        jobs = [(_coded(counter, "200"), _coded(counter, "500"), window) for counter in every]
        answers = slo_generator(python, url, END, jobs)
        pairs = zip(every, answers, strict=True)
        return {c.name: (good, max(bad, 0.0)) for c, (good, bad) in pairs if good >= 0}

    return method


def _coded(counter: Counter, code: str) -> str:
    return counter.selector.replace("{", f'{{code="{code}",')
