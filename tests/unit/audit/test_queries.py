"""The queries of a service, as they would be sent for it only."""

from dataclasses import replace

from sresnap.audit.queries import asked_for, queries_of
from sresnap.audit.slo import slo_derivations
from tests import factories

GROUPED = factories.query(
    promql='sum by (job) (x{job=~"api|web"})',
    for_one='sum by (job) (x{{job=~"{job}"}})',
    error='refused: sum by (job) (x{job=~"api|web"})',
)


def texts(*queries):
    api, web = (replace(factories.healthy_service(name), selected_by={"job": name}) for name in ("api", "web"))
    return [(query.promql, query.error) for query in queries_of(factories.snapshot([api, web], queries=queries), web)]


def test_a_query_for_several_services_names_this_one_also_where_an_error_quotes_it():
    assert texts(GROUPED) == [('sum by (job) (x{job=~"web"})', 'refused: sum by (job) (x{job=~"web"})')]


def test_a_query_for_other_services_is_left_out():
    assert texts(replace(GROUPED, services=("api",))) == []


def test_a_query_that_names_no_service_stays_as_it_is():
    assert texts(factories.query(promql="sum(x)")) == [("sum(x)", None)]


def test_a_query_for_targets_is_left_out_where_it_names_those_that_belong_to_others():
    targets = factories.query(promql='up{instance=~"api:80|web:80"}', purpose="raw")
    assert texts(targets) == []
    assert texts(replace(targets, services=("web",))) == [(targets.promql, None)]


def test_numbers_come_from_shared_samples_too_though_the_page_does_not_show_them():
    targets = factories.query(promql='up{instance=~"api:80|web:80"}', purpose="raw", warnings=("partial",))
    api, web = (replace(factories.healthy_service(name), selected_by={"job": name}) for name in ("api", "web"))
    report = factories.snapshot([api, web], queries=(GROUPED, targets))
    assert queries_of(report, web) == asked_for(report, web, lambda query: query.purpose != "raw")
    assert targets in asked_for(report, web)
    assert targets in slo_derivations(report, web, web.slos[0])[0].queries
