"""The pages and tickets that the advisor counts, against the rules of `sresnap rules` in a real Prometheus.

A month of 100 requests a minute, with three incidents. Prometheus judges the rules each 20 minutes, the advisor at the
end of each hour.
"""

from itertools import pairwise

import numpy as np
import yaml

from sresnap.compute.advice.alarms import Burning, alarms, limits
from sresnap.compute.advice.past import Past
from sresnap.config import burn_pairs
from sresnap.model.advice import Alarms
from sresnap.model.hours import HourlyCounts
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from sresnap.rules import rules_yaml
from tests.integration.month import configured
from tests.integration.prometheus_server import make_blocks, prometheus
from tests.integration.test_rules import ask, evaluated, openmetrics

START = parse_time("2026-03-01T00:00:00Z")
END = START + 30 * DAY
STEP, SCRAPES = 20 * MINUTE, 5 * MINUTE
SLOS = """
provider: http
services:
  - {name: api, slos: [{name: availability, objective: 99, window: 28d}]}
"""
INCIDENTS = (
    (START + 5 * DAY + 10 * HOUR + 5 * MINUTE, 45 * MINUTE, 100),  # within an hour, everything fails: a page
    (START + 12 * DAY + 2 * HOUR, 16 * HOUR, 5),  # slow, too slow for a page: a ticket
    (START + 20 * DAY + 8 * HOUR - 20 * MINUTE, 40 * MINUTE, 25),  # on both sides of a full hour: a page
)


def bad_in(time):
    """Of the 500 requests of the five minutes that begin then."""
    return max((5 * percent for start, length, percent in INCIDENTS if start <= time < start + length), default=0)


def exposition():
    rows, good, bad = [], 0, 0
    for time in range(START, END + 1, SCRAPES):
        rows += [
            f'http_requests_total{{service="api",code="200"}} {good} {time}\n',
            f'http_requests_total{{service="api",code="500"}} {bad} {time}\n',
        ]
        failed = bad_in(time)
        good, bad = good + 500 - failed, bad + failed
    return "".join(rows)


def runs(times):
    """How many alerts, where one that comes back within the hour is the same."""
    found = sorted(times)
    return bool(found) + sum(later - earlier > HOUR + STEP for earlier, later in pairwise(found))


def test_pages_and_tickets_of_a_month_are_within_the_bounds_of_what_prometheus_fires(tmp_path):
    config = configured("http://localhost", SLOS)
    groups = {
        group["name"]: group["rules"] for group in yaml.safe_load(rules_yaml(config, burn_pairs(), MINUTE))["groups"]
    }
    counts = [rule for rule in groups["sresnap-count-availability"] if not rule["record"].endswith("increase1m")]
    names = ("slo:sli_total", "slo:sli_bad", "slo:sli_error")
    slos = [rule for rule in groups["sresnap-slos"] if rule["record"].startswith(names) and "28d" not in rule["record"]]
    with prometheus(make_blocks(exposition(), tmp_path / "scraped")) as url:
        samples = evaluated(url, counts, START + STEP, END, STEP)
    for level, start in enumerate((names[:2], names[2:])):
        with prometheus(make_blocks(openmetrics(samples), tmp_path / f"level{level}")) as url:
            rules = [rule for rule in slos if rule["record"].startswith(start)]
            samples |= evaluated(url, rules, START + STEP, END, STEP)
    fired = {"page": set(), "ticket": set()}
    with prometheus(make_blocks(openmetrics(samples), tmp_path / "all")) as url:
        for rule in groups["sresnap-alerts"]:
            for series in ask(url, rule["expr"], START + STEP, END, STEP):
                fired[rule["labels"]["severity"]] |= {int(time) for time, _ in series["values"]}

    hours = range(START, END, HOUR)
    total, bad = (
        np.array(
            [
                float(samples[f'slo:sli_{part}:increase1h{{service="api",slo="availability"}}', hour + HOUR])
                for hour in hours
            ]
        )
        for part in ("total", "bad")
    )
    (slo,) = config.services[0].slos
    counted = HourlyCounts(START, total - bad, total)
    past = Past.of(slo, "UTC", counted, counted)
    burning = Burning.of(past, past.low, burn_pairs())
    found = alarms(burning, burning, limits(burn_pairs(), np.full(len(counted), 28 * DAY)), slo.objective)
    assert (runs(fired["page"]), runs(fired["ticket"])) == (2, 2)
    # The hours hide the page of the incident on both sides of a full hour. The bound has it, and one of the slow one:
    # six hours in which 5 % fail may hold the bad requests of seven, 5.8 %, and 5.6 % is a page.
    assert found == (Alarms(1, 3), Alarms(2, 2))
