"""`prometheus.replica_labels`: the labels in which copies of a counter differ."""

from pathlib import Path

import pytest

from sresnap.config import loads
from sresnap.errors import ConfigError

SERVICES = "services: [{name: web, slo_target: 99.9}]"


def total(prometheus):
    text = f"provider: http\nprometheus: {prometheus}\n{SERVICES}"
    return loads(text, "sresnap.yaml", {}, cwd=Path.cwd()).templates["total"]


def test_the_usual_names_are_known():
    assert total("{}").replica_labels == ("prometheus_replica", "replica", "__replica__")
    assert "without (prometheus_replica, replica, __replica__)" in total("{}").promql


def test_named_labels_replace_them_in_every_form():
    found = total("{replica_labels: [ruler, pair]}")
    assert found.replica_labels == ("ruler", "pair")
    assert "ignoring (ruler, pair)" in found.promql
    assert "max without (ruler, pair)" in found.once


def test_without_labels_no_series_are_copies():
    assert total("{replica_labels: []}").replica_labels == ()


def test_a_name_that_is_not_a_label_is_refused():
    with pytest.raises(ConfigError, match=r"prometheus\.replica_labels\[0\]: .*expected a label name"):
        total("{replica_labels: ['prometheus-replica']}")
