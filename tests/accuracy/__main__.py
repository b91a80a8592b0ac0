"""`make accuracy`: errors of counts against known truth, and agreement with slo-generator, as docs/accuracy.md."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

from sresnap.app import build
from sresnap.config import loads
from sresnap.demo.backfill import write_openmetrics
from sresnap.demo.model import Scrapes, services
from sresnap.model.windows import DAY, HOUR, format_duration
from tests.accuracy.counters import COUNTER_KINDS, END, counters
from tests.accuracy.engines import prometheus_engine, victoria_engine
from tests.accuracy.methods import (
    WINDOWS,
    Counts,
    bounded,
    counted,
    generated,
    increased,
    mean_of_ratios,
    slo_generator,
)
from tests.integration.prometheus_server import prometheus_of

Method = Callable[[str, int], Counts]
_SLOS = 20


def main() -> None:
    root = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _report("installing slo-generator")
        python = _slo_generator(folder / "venv")
        parts = []
        for engine, start in (("Prometheus", prometheus_engine), ("VictoriaMetrics", victoria_engine)):
            _report(f"filling {engine}")
            with start(folder) as url:
                _report(f"counting in {engine}")
                parts.append(_table(engine, url, generated(python)))
        for offset, when in ((0, "on the minute"), (17, "17 s past the minute")):
            _report(f"comparing 20 SLOs with slo-generator, scraped {when}")
            parts.append(_agreement(folder / f"fleet{offset}", python, offset, when))
    head, tail = (root / "tests" / "accuracy" / "text.md").read_text("utf-8").split("<!-- tables -->\n")
    (root / "docs" / "accuracy.md").write_text(head + "\n".join(parts) + tail, "utf-8")
    _report("written: docs/accuracy.md")


def _report(text: str) -> None:
    print(f"accuracy: {text}", file=sys.stderr, flush=True)


def _slo_generator(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    packages = ["setuptools<81", "slo-generator[prometheus]"]
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True, stdout=subprocess.DEVNULL)
    return python


def _table(engine: str, url: str, generator: Method) -> str:
    methods: Mapping[str, Method] = {
        "sresnap": counted, "increase": increased, "mean of 5m ratios": mean_of_ratios, "slo-generator": generator,
    }  # fmt: skip
    found = {(name, window): method(url, window) for name, method in methods.items() for window in WINDOWS}
    heads = " | ".join(f"{name} {format_duration(window)}" for name in methods for window in WINDOWS)
    lines = [f"### {engine}: error of bad events", "", f"| counter | scraped | {heads} |"]
    lines.append("| --- | --- |" + " ---: |" * len(found))
    for kind in COUNTER_KINDS:
        for counter in (counter for counter in counters() if counter.kind == kind):
            cells = []
            for (_, window), counts in found.items():
                truth = counter.true("500", END - window, END)
                answer = counts.get((counter.kind, counter.interval))
                cells.append(error(None if answer is None else answer[1], truth))
            for place, window in enumerate(WINDOWS):  # sresnap's own, with its bounds
                bounds = bounded(url, window).get((counter.kind, counter.interval))
                if bounds is not None and bounds[1] < bounds[2]:
                    truth = counter.true("500", END - window, END)
                    cells[place] = f"{error(bounds[1], truth)} to {error(bounds[2], truth)}"
            lines.append(f"| {kind} | {counter.interval} s | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_worst_good(found), ""])


def _worst_good(found: Mapping[tuple[str, int], Counts]) -> list[str]:
    """Good events are many, so their errors are small: one line with the worst of all counters that last to the end."""
    cells = {}
    for (name, window), counts in found.items():
        for counter in (counter for counter in counters() if counter.kind not in {"vanishing", "gaps"}):
            answer = counts.get((counter.kind, counter.interval))
            truth = counter.true("200", END - window, END)
            if answer is not None:
                off = abs(answer[0] / truth - 1)
                cells[name] = max(cells.get(name, 0.0), off)
    worst = ", ".join(f"{name} {off * 100:.3g} %" for name, off in cells.items())
    return [f"Good events, the worst of all windows, intervals and lasting counters: {worst}."]


def error(answer: float | None, truth: float) -> str:
    """The signed relative error: `exact` within a millionth of an event, `no data` where nothing was answered."""
    if answer is None:
        return "no data"
    if abs(answer - truth) < 1e-6:
        return "exact"
    if truth == 0:
        return f"{answer:+.3g} events"
    return f"{(answer / truth - 1) * 100:+.3g} %"


def _agreement(folder: Path, python: Path, offset: int, when: str) -> str:
    """A table of the same 20 SLOs by sresnap and by slo-generator on the same Prometheus, beside the model's truth.

    Windows end at a whole hour: with scrapes on the minute `increase` has nothing to extrapolate.
    """
    folder.mkdir()
    scrapes = Scrapes(interval_seconds=60, offset_seconds=offset)
    text = io.StringIO()
    write_openmetrics(text, END - 29 * DAY, END, scrapes, services=_SLOS)
    fleet = services(_SLOS)
    windows = (HOUR, 6 * HOUR, 28 * DAY)
    with prometheus_of(text.getvalue(), folder) as url:
        rows = ", ".join(f"{{name: {service.name}, slo_target: 99}}" for service in fleet)
        config = loads(f"provider: http\nprometheus: {{url: '{url}'}}\nservices: [{rows}]", "a", {}, cwd=folder)
        report = build.build(config, folder / "public", END, END).snapshot
        selector = 'http_requests_total{{service="{}",code{}"5.."}}'
        jobs = [(selector.format(s.name, "!~"), selector.format(s.name, "=~"), w) for s in fleet for w in windows]
        answers = dict(
            zip([(s.name, w) for s in fleet for w in windows], slo_generator(python, url, END, jobs), strict=True)
        )
    lines = [f"### 20 SLOs by both on the same Prometheus, scraped once a minute, {when}", ""]
    lines.append("| service | window | bad: truth | sresnap | slo-generator | good: sresnap to slo-generator |")
    lines.append("| --- | --- | ---: | ---: | ---: | ---: |")
    apart: dict[int, float] = dict.fromkeys(windows, 0.0)
    for service, judged in zip(fleet, report.services, strict=True):
        for window in windows:
            ours = judged.slos[0].windows[format_duration(window)]
            good, bad = answers[service.name, window]
            truth = service.seen(END - window, END, scrapes).bad
            name = f"{service.name} | {format_duration(window)} | {truth:.0f}"
            own, theirs = error(ours.total - ours.good, truth), error(bad, truth)
            lines.append(f"| {name} | {own} | {theirs} | {error(ours.good, good)} |")
            off = (ours.good / good, (ours.total - ours.good) / bad)
            apart[window] = max(apart[window], *(abs(ratio - 1) for ratio in off))
    apart_by = ", ".join(f"{format_duration(window)} {off * 100:.2g} %" for window, off in apart.items())
    return "\n".join(
        [*lines, "", f"The two are apart, good or bad events, whichever is more, by at most: {apart_by}.", ""]
    )


if __name__ == "__main__":
    main()
