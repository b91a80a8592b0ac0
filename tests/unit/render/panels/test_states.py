"""What panels show in each state of a report. tests/browser has the states late, stale and frozen."""

import re

import pytest

from tests.panels import pages_of

SAYS = [
    # First report, with 1 of 28 days
    (
        "first_report",
        "index.html",
        "verdict",
        "Provisional until 19 Dec for 1 of 1 objective: the history does not reach back 28 days yet.",
    ),
    ("first_report", "index.html", "slos", "SLI, 23 h of 28 days"),
    ("first_report", "index.html", "key_numbers", "Mean SLI, 23 h of 28 days"),
    ("first_report", "index.html", "slos", "Now , 28d"),
    ("first_report", "index.html", "slos", "provisional: 23 h of 28 days, whole on 19 Dec"),
    ("first_report", "index.html", "changes", "This is the first report. Changes show from the next one on."),
    ("first_report", "services/api/index.html", "verdict", "Provisional: 23 h of 28 days seen."),
    ("first_report", "services/api/index.html", "key_numbers", "SLI, 23 h of 28 days"),
    ("first_report", "services/api/index.html", "slos", "provisional: 23 h of 28 days, whole on 19 Dec"),
    # No data ever
    ("no_data", "index.html", "verdict", "? No data batch has no data."),
    ("no_data", "services/batch/index.html", "verdict", "Unknown: mend the measuring first"),
    ("no_data", "services/batch/index.html", "quality", "no series batch · total No series came for it."),
    # Some queries failed: the panels keep their place, and the verdict is not green
    ("some_failed", "index.html", "verdict", "? Incomplete As far as known: both services are healthy."),
    ("some_failed", "index.html", "signals", "The query failed: 422 from Prometheus"),
    ("some_failed", "index.html", "quality", "query failed 2 services · saturation 422 from Prometheus"),
    # Overspent
    ("overspent", "index.html", "verdict", "Budget spent, and burning now: 4.00× over 1d, ticket."),
    ("overspent", "services/worker/index.html", "key_numbers", "Error budget left −52 %"),
    # Budget spent weeks ago, and on fire
    ("burning", "index.html", "verdict", "worker: Budget spent, and burning now: 71× over 1h, page."),
    ("burning", "services/worker/index.html", "verdict", "Budget spent, and burning now: 71× over 1h, page."),
    ("burning", "services/worker/index.html", "statement", "Burning now: 71× over 1h, page."),
    ("burning", "services/worker/index.html", "budgets", "availability 99.5 % ✕ Paging, budget spent"),
    ("burning", "index.html", "slos", "✕ Paging ✕ Budget spent"),
    ("burning", "index.html", "attention", "✕ Paging, budget spent worker availability: Burning at 71× over 1h"),
    ("burning", "index.html", "bar", "✕ 1 of 3 services paging, 1 overspent"),
    # Recovered
    ("recovered", "index.html", "verdict", "✓ Healthy Both services are healthy."),
    ("recovered", "index.html", "changes", "✓ Healthy worker availability was ✕ Budget spent ;"),
    ("recovered", "index.html", "changes", "of the budget recovered"),
    # Low traffic
    (
        "low_traffic",
        "index.html",
        "attention",
        "12 events in 28 days: too few to judge.",
    ),
    ("low_traffic", "index.html", "slos", "12 requests, too few to judge"),
    ("low_traffic", "index.html", "slos", "? Too little data"),
    # No traffic
    ("no_traffic", "index.html", "slos", "no traffic"),
    # One service, and names that are long and foreign
    ("one_service", "index.html", "verdict", "api is healthy; no alert fires now."),
    ("weird_names", "index.html", "slos", "خدمة الدفع"),
    ("weird_names", "index.html", "slos", "日本語サービス"),
    ("no_service", "index.html", "verdict", "No service is configured."),
]


@pytest.mark.parametrize(("state", "page", "name", "words"), SAYS)
def test_a_panel_names_the_state(state, page, name, words):
    assert words in pages_of(state).document(page, name).text


def test_no_data_is_never_good():
    for path in ("index.html", "services/batch/index.html"):
        for name in ("verdict", "slos", "budgets", "signals", "capacity", "key_numbers"):
            document = pages_of("no_data").document(path, name)
            classes = [
                attrs.get("class", "")
                for tag, attrs in document.tags
                if tag != "span" or "key" not in attrs.get("class", "")
            ]
            assert not [c for c in classes if re.search(r"\b(ok|fill-ok)\b", c)], (path, name)
            assert "0 %" not in document.text.replace("at least 10 % of", "").replace("data for 0 % of", "").replace(
                "100 %", ""
            ), (path, name)
    assert "? Policy Unknown: mend the measuring first" in pages_of("no_data").document("index.html", "budgets").text


def test_a_missing_number_says_why():
    signals = pages_of("no_data").document("services/batch/index.html", "signals")
    assert signals.text.count("No series came: does the label service have another name here?") >= 4
    assert "The preset http has no query for it." in pages_of("no_data").document("index.html", "capacity").text


def test_an_incomplete_report_is_not_green_even_where_all_that_came_is_well():
    for path in ("index.html", "services/api/index.html"):
        verdict = pages_of("some_failed").document(path, "verdict")
        assert "? Incomplete" in verdict.text
        assert "As far as known" in verdict.text
        assert "verdict nodata" in [attrs.get("class") for _, attrs in verdict.tags]


def test_an_overspent_budget_is_shown_as_negative():
    assert "−52 %" in pages_of("overspent").document("index.html", "slos").text
    assert "Budget spent" in pages_of("overspent").document("index.html", "verdict").text
    assert "Freeze risky deploys" in pages_of("overspent").document("services/worker/index.html", "verdict").text


def test_a_service_without_all_of_its_data_is_green_nowhere():
    found = pages_of("some_failed")
    assert "? Incomplete 2" in found.document("index.html", "verdict").text
    nav = found.document("index.html", "nav")
    assert nav.text.count(": Incomplete") == 2
    assert ": Healthy" not in nav.text


def test_a_gap_in_a_curve_is_a_gap():
    html = pages_of("mixed").html("services/web/index.html", "signals")
    lines = re.findall(r'<path class="line" d="([^"]*)"', html)
    assert any(line.count("M") > 1 for line in lines)


def test_a_page_says_once_until_when_it_is_provisional_and_why():
    """Its charts, which are read on their own, say until when."""
    path, pages = "services/api/index.html", pages_of("first_report")
    page = " ".join(pages.document(path, panel.name).text for panel in pages.page(path).panels)
    assert page.count("whole on 19 Dec") == 1
    assert "Measured : By request, rolling 28 days. Exact in all" in page
    assert "Dashed: provisional until 19 Dec." in page
