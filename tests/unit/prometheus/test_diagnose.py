"""Why a query finds nothing, and what to write instead."""

import asyncio

import pytest

from sresnap.model.query import QueryTemplate
from sresnap.prometheus.diagnose import diagnose
from tests.unit.prometheus.test_evidence import Engine, series


def cause(text, by, *found):
    return asyncio.run(diagnose(Engine(*found), text, 1000, QueryTemplate("total", text, by, "test"))).text


RENAMED = series("requests", exported_namespace="shop", namespace="ingress-nginx", ingress="web")


GIVEN = ", and rename the label in the service's `labels`)"


@pytest.mark.parametrize(
    ("by", "text", "expected"),
    [
        (("namespace", "ingress"), 'requests{namespace=~"shop", ingress=~"web"}', "[exported_namespace, ingress]"),
        (("ingress", "namespace"), 'requests{ingress=~"web", namespace=~"shop"}', "[ingress, exported_namespace]"),
        (("namespace",), 'requests{namespace=~"shop"}', "exported_namespace"),
    ],
)
def test_the_hint_for_a_renamed_label_keeps_the_other_labels_of_a_service(by, text, expected):
    """Without its ingress, every service would get the sum of its namespace."""
    ending = f"or query exported_namespace (with a preset: `parameters: {{identity: {expected}}}`{GIVEN}"
    assert cause(text, by, RENAMED).endswith(ending)


def test_a_renamed_service_label_needs_no_label_of_its_own():
    found = series("requests", exported_service="api", service="exporter")
    assert cause('requests{service=~"api"}', ("service",), found).endswith(
        "(with a preset: `parameters: {identity: exported_service}`)"
    )


def test_a_renamed_label_that_names_no_service_is_only_named():
    assert cause('requests{namespace=~"shop"}', (), RENAMED).endswith(
        "for that scrape job, or query exported_namespace"
    )


def test_values_that_are_most_like_the_one_that_is_not_there_come_first():
    names = ("admin", "billing", "cart", "checkout-v2", "gateway", "login", "search")
    found = cause('requests{service=~"checkout"}', ("service",), *(series("requests", service=name) for name in names))
    assert found.startswith("requests has service 'checkout-v2', ")
    assert found.endswith(" and 2 more; none matches 'checkout'")
