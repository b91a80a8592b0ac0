"""Every query of the shipped presets answers on VictoriaMetrics what it answers on Prometheus.

One server holds the series of all tests, each test on a day of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sresnap.app.try_preset import checks_of
from sresnap.config.preset_files import shipped_presets
from tests.accuracy.engines import ask, victoria

BEGIN = 1_795_305_600
"""22 November 2026, 00:00."""
DAY, MINUTE, HOURS = 86_400, 60, 2 * 3600
_GROWING = re.compile(r"([-+.\dEe]+?)(?:([-+][.\d]+))?x(\d+)")
UNMARKED = {("kafka", 3, "availability"): 100 * 16 / 31}
"""Answers that differ because the text that is imported has no stale markers: without the one in minute 90, its last
sample is seen in that minute, too. 15 minutes of 60 to 90 are bad."""
TESTS = [(preset, index) for preset in shipped_presets() for index in range(len(preset.tests))]


def samples(notation: str) -> list[float | None]:
    """The samples of promtool's notation: `0+54x120`, `1x59 _ 1x54 stale`."""
    found: list[float | None] = []
    for token in notation.split():
        if token.startswith("_"):
            found += [None] * int(token.partition("x")[2] or 1)
        elif token in ("stale", "NaN"):
            found.append(None)
        elif grows := _GROWING.fullmatch(token):
            start, step, times = float(grows[1]), float(grows[2] or 0), int(grows[3])
            found += [start + step * number for number in range(times + 1)]
        else:
            found.append(float(token))
    return found


def lines(series: str, notation: str, begin: int) -> Iterator[str]:
    for number, value in enumerate(samples(notation)):
        if value is not None and number * MINUTE <= HOURS:
            yield f"{series} {value:.10g} {(begin + number * MINUTE) * 1000}\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    text = "".join(
        line
        for day, (preset, index) in enumerate(TESTS)
        for series, notation in preset.tests[index].series.items()
        for line in lines(series, notation, BEGIN - day * DAY)
    )
    with victoria(text, tmp_path_factory.mktemp("victoria") / "data") as url:
        yield url


@pytest.mark.parametrize(
    ("day", "preset", "index"),
    [(day, *case) for day, case in enumerate(TESTS)],
    ids=[f"{preset.name}-{index}" for preset, index in TESTS],
)
def test_every_query_of_a_preset_gives_the_same_answer_on_victoriametrics(url, day, preset, index):
    test = preset.tests[index]
    wrong = []
    for check in checks_of(preset, test, ("tests", index, "parameters")):
        found = ask(url, "query", query=check.expected["expr"], time=BEGIN - day * DAY + HOURS)
        values = [float(series["value"][1]) for series in found]
        value = UNMARKED.get((preset.name, index, check.key), check.value)
        expected = [] if value is None else [pytest.approx(value, abs=1e-6)]
        wrong += [] if values == expected else [f"{check.key}: expected {value}, found {values}: {check.promql}"]
    assert wrong == [], test.about


def test_the_notation_of_samples_is_promtools():
    assert samples("0+2x3") == [0, 2, 4, 6]
    assert samples("1x2 _ 5 _x2 stale 3-1x1") == [1, 1, 1, None, 5, None, None, None, 3, 2]
