"""Whole pages are clean, and what the configuration hides is in no file."""

import pytest

from sresnap.compute.fleet.redact import redacted
from sresnap.documents import snapshots
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.scan import leaks_in_file
from sresnap.model.snapshot import HIDDEN
from sresnap.render.site import render
from tests import factories
from tests.unit.compute.fleet.test_redact import private


def leaks(name, content, rules=None):
    return leaks_in_file(name, content, rules or PublicationRules())


@pytest.mark.parametrize("state", ["mixed", "some_failed", "weird_names", "evaluated"])
def test_the_pages_of_every_kind_are_clean(sites, state):
    files = {**sites[state].files, "snapshots/x.json": snapshots.encode(factories.STATES[state]())}
    assert [found for name, content in files.items() for found in leaks(name, content)] == []


def published(snapshot):
    return b"".join([*render(snapshot).files.values(), snapshots.encode(snapshot)])


def test_no_file_holds_hidden_queries():
    assert b"secret-job" in published(private())
    hidden = redacted(private(), frozenset({"promql"}))
    assert hidden.queries[0].promql == HIDDEN
    assert b"secret-job" not in published(hidden)
    assert b"sum(x" not in published(hidden)


def test_hidden_labels_leave_the_form_of_the_query():
    hidden = redacted(private(), frozenset({"labels"}))
    assert hidden.queries[0].promql == 'sum(x{job="…"})'
    assert b"secret-job" not in published(hidden)


def test_no_file_holds_a_hidden_source():
    assert [found for found in leaks("x.json", snapshots.encode(private())) if "prom.acme.svc" in str(found)]
    hidden = redacted(private(), frozenset({"source"}))
    assert b"prom.acme" not in published(hidden)
    assert b"secret-job" in published(hidden)
    assert leaks("x.json", snapshots.encode(hidden)) == []
