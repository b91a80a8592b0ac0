"""`make accuracy`: errors of counts against known truth, and agreement with slo-generator, as docs/accuracy.md."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sresnap.app import build
from sresnap.config import loads
from sresnap.demo.backfill import write_openmetrics
from sresnap.demo.model import Scrapes, services
from sresnap.model.windows import DAY, HOUR, format_duration
from tests.accuracy.counters import END, KINDS, Counter, counters
from tests.accuracy.engines import prometheus_engine, victoria_engine
from tests.accuracy.methods import (
    WINDOWS,
    Counts,
    bounded,
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
        parts.append(_AGREEMENT)
        for offset, when in ((0, "on the minute"), (17, "17 s past the minute")):
            _report(f"comparing 20 SLOs with slo-generator, scraped {when}")
            parts.append(_agreement(folder / f"fleet{offset}", python, offset, when))
    head, tail = (root / "tests" / "accuracy" / "text.md").read_text("utf-8").split("<!-- tables -->\n")
    kinds = "\n".join(f"| {kind} | {text} |" for kind, text in KINDS.items())
    page = head.replace("<!-- kinds -->", kinds) + "\n".join(parts) + "\n\n" + tail
    (root / "docs" / "accuracy.md").write_text(page, "utf-8")
    _report("written: docs/accuracy.md")
    if _OUTSIDE:
        raise SystemExit(f"the truth lies outside of the bounds: {', '.join(_OUTSIDE)}")


def _report(text: str) -> None:
    print(f"accuracy: {text}", file=sys.stderr, flush=True)


def _slo_generator(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    packages = ["setuptools<81", "slo-generator[prometheus]"]
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True, stdout=subprocess.DEVNULL)
    return python


def _table(engine: str, url: str, generator: Method) -> str:
    """One line for each kind of counter, over all windows and scrape intervals."""
    others: Mapping[str, Method] = {
        "increase": increased, "mean of 5m ratios": mean_of_ratios, "slo-generator": generator,
    }  # fmt: skip
    answers = {(name, window): method(url, window) for name, method in others.items() for window in WINDOWS}
    lines = [f"### {engine}: bad events", ""]
    lines.append(
        "| counter | truth, 28d | sresnap, 28d | truth within bounds | bounds equal | " + " | ".join(others) + " |"
    )
    lines.append("| --- | ---: | ---: | ---: | ---: |" + " ---: |" * len(others))
    for kind in KINDS:
        alike = [counter for counter in counters() if counter.kind == kind]
        shown = alike[len(alike) // 2]
        cells = [
            (bounds, counter.true("500", END - window, END))
            for window in WINDOWS
            for counter in alike
            if (bounds := bounded(url, window).get(counter.name)) is not None
        ]
        inside = sum(low - _NOTHING <= truth <= high + _NOTHING for (_, low, high), truth in cells)
        equal = sum(high - low < _NOTHING for (_, low, high), _ in cells)
        found = bounded(url, WINDOWS[-1]).get(shown.name)
        own = "no data" if found is None else _between(*found[1:])
        worst = [_worst({w: answers[name, w] for w in WINDOWS}, alike) for name in others]
        truth = f"{shown.true('500', END - WINDOWS[-1], END):.0f}"
        row = [kind, truth, own, f"{inside} of {len(cells)}", f"{equal} of {len(cells)}", *worst]
        lines.append(f"| {' | '.join(row)} |")
        if inside < len(cells):
            _OUTSIDE.append(f"{engine}: {kind}")
            _report(f"{kind}: {[(bounds, truth) for bounds, truth in cells if not bounds[1] <= truth <= bounds[2]]}")
    return "\n".join([*lines, ""])


_AGREEMENT = """### The same 20 SLOs by sresnap and by slo-generator, scraped once a minute

| scraped | window | sresnap exact | slo-generator, worst bad events | apart at most, good or bad |
| --- | --- | ---: | ---: | ---: |"""
_OUTSIDE: list[str] = []
_NOTHING = 1e-6


def _between(low: float, high: float) -> str:
    return f"{low:.0f}" if high - low < _NOTHING else f"{low:.0f} to {high:.0f}"


def _worst(answers: Mapping[int, Counts], alike: Sequence[Counter]) -> str:
    """The largest error of a method over windows and intervals. Where nothing happened, an answer may be missing."""
    cells = []
    for window, counts in answers.items():
        for counter in alike:
            truth = counter.true("500", END - window, END)
            answer = counts.get(counter.name)
            if answer is not None or truth > 0:
                cells.append((None if answer is None else answer[1], truth))
    if any(answer is None for answer, _ in cells):
        return "no data"
    errors = [abs(answer - truth) / max(truth, 1.0) for answer, truth in cells if answer is not None]
    return error(*cells[errors.index(max(errors))])


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
    """The same 20 SLOs by sresnap and by slo-generator on the same Prometheus, beside the model's truth, by window.

    Windows end at a whole hour: with scrapes on the minute `increase` has nothing to extrapolate.
    """
    folder.mkdir()
    scrapes = Scrapes(interval_seconds=60, offset_seconds=offset)
    text = io.StringIO()
    write_openmetrics(text, END - 29 * DAY, END, scrapes, fleet := services(_SLOS))
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
    lines = []
    for window in windows:
        exact, theirs, apart = 0, [], 0.0
        for service, judged in zip(fleet, report.services, strict=True):
            ours = judged.slos[0].windows[format_duration(window)]
            good, bad = answers[service.name, window]
            truth = service.seen(END - window, END, scrapes).bad
            exact += abs(ours.total - ours.good - truth) < _NOTHING
            theirs.append(bad / truth - 1)
            apart = max(apart, abs(ours.good / good - 1), abs((ours.total - ours.good) / bad - 1))
        row = [when, format_duration(window), f"{exact} of {len(fleet)}", f"{max(theirs, key=abs) * 100:+.2g} %"]
        lines.append(f"| {' | '.join(row)} | {apart * 100:.2g} % |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
