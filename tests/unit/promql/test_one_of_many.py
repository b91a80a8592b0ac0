"""A query for many services as a template for one."""

import pytest

from sresnap import promql
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.model.series_key import SeriesKey
from sresnap.promql.one_of_many import one_of_many

NAMES = ("api", "a|b", "x.y", "back\\slash", 'quo"te', "tab\t", "(z)", "ümläut", "it's", "50%{}")


def rendered(template, names):
    members = tuple(Member(name, {"job": name}) for name in names)
    query = Query(
        QueryTemplate("total", template, ("job",), ""),
        members,
        {},
        Grid.instant(0),
        Purpose.SLI,
        SeriesKey("total"),
        "1h",
    )
    return promql.render(query)


def filled(template, name):
    return promql.render_member(QueryTemplate("total", template, (), ""), Member(name, {"job": name}), {})


@pytest.mark.parametrize(
    "template",
    [
        'sum by (job) (rate(x{{job=~"{job}", code=~"5.."}}[5m]))',
        "sum by (job) (rate(x{{job=~'{job}'}}[5m]))",
        "sum by (job) (rate(x{{job=~`{job}`}}[5m]))",
        'sum by (job) (rate(x{{job=~"prefix-{job}-(a|b)"}}[5m])) / on (job) y{{job!~"{job}"}} * 2',
        'max_over_time((x{{job=~"{job}", path=~"/{{id}}|/b"}})[1h:5m])',
    ],
)
@pytest.mark.parametrize("count", [2, 9, len(NAMES)])
def test_the_query_of_one_service_is_the_one_that_would_be_sent_for_it(template, count):
    names = [name for name in NAMES[:count] if "`" not in template or "`" not in name]
    form = one_of_many(rendered(template, names), {"job": names})
    assert form is not None
    assert form.values == {"job": set(names)}
    for name in names:
        assert filled(form.template, name) == rendered(template, [name])


def test_a_part_of_a_query_that_was_too_long_names_some_of_the_services():
    template = 'sum by (job) (x{{job=~"{job}"}})'
    form = one_of_many(rendered(template, NAMES[:2]), {"job": NAMES})
    assert form is not None
    assert form.values == {"job": set(NAMES[:2])}


def test_a_matcher_that_names_one_of_them_by_chance_stays():
    text = 'sum by (job) (x{job=~"api|web", outcome=~"api"})'
    form = one_of_many(text, {"job": ["api", "web"]})
    assert form is not None
    assert filled(form.template, "web") == 'sum by (job) (x{job=~"web", outcome=~"api"})'


@pytest.mark.parametrize("text", ['sum by (job) (x{code=~"5.."})', 'x{job="api"}', 'up{instance=~"api:80|web:80"}'])
def test_a_query_that_selects_by_none_of_the_values_has_no_other_form(text):
    assert one_of_many(text, {"job": ["api", "web"]}) is None


def test_each_of_several_labels_is_found_in_its_own_matchers_though_they_share_values():
    text = 'sum by (namespace, ingress) (x{namespace=~"shop|web", ingress=~"shop|web", path=~"shop"})'
    form = one_of_many(text, {"namespace": ["shop", "web"], "ingress": ["shop", "web"]})
    assert form is not None
    assert form.template == (
        'sum by (namespace, ingress) (x{{namespace=~"{namespace}", ingress=~"{ingress}", path=~"shop"}})'
    )
    assert form.is_of({"namespace": "shop", "ingress": "web"})
    assert not form.is_of({"namespace": "shop", "ingress": "api"})


def test_a_query_without_a_matcher_of_one_of_its_labels_has_no_other_form():
    text = 'sum by (namespace, ingress) (x{namespace=~"shop|web"})'
    assert one_of_many(text, {"namespace": ["shop", "web"], "ingress": ["shop", "web"]}) is None
