"""A valid configuration and its resolved form."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sresnap import promql
from sresnap.config import Config, burn_pairs, config_schema, find, load, loads
from sresnap.errors import ConfigError, UsageError
from sresnap.model.query import Member
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.signals import SIGNALS
from sresnap.model.slug import slug
from sresnap.model.windows import Window
from sresnap.render.favicon import read_favicon
from sresnap.render.templates import href

SEED_DEFAULT = """
provider: http
default_service: api

services:
  - name: api
    slo_target: 99.5
    labels:
      service: api        # fills {service} in query templates

  - name: frontend
    slo_target: 99.9
    labels:
      service: frontend

  - name: worker
    slo_target: 99.0
    labels:
      service: worker
"""

SEED_DEMO = """
provider: http
default_service: api

queries:
  saturation: 'demo_saturation_percent{{service="{service}"}}'
  cap_vps_cpu: 'demo_vps_cpu_percent'
  cap_vps_mem: 'demo_vps_memory_percent'
  cap_vps_disk: 'demo_vps_disk_percent'
  cap_container_cpu: 'demo_container_cpu_percent{{service="{service}"}}'
  cap_container_mem: 'demo_container_memory_percent{{service="{service}"}}'

services:
  - name: frontend
    slo_target: 99.9
    labels:
      service: frontend
  - name: api
    slo_target: 99.5
    labels:
      service: api

dora:
  repo: acme/shop
  workflow_file: deploy.yml
  github_token_env: SRE_GITHUB_TOKEN
  window_days: 28
  correlation_window_min: 60
"""

ONE = "services: [{name: api, slo_target: 99.9}]\n"


def config(text: str, env: dict[str, str] | None = None, **options: str) -> Config:
    return loads(text, "sresnap.yaml", env or {}, cwd=Path("/work"), **options)


def slo_of(text: str) -> Slo:
    return config(text).services[0].slos[0]


def test_the_seeds_default_file_loads_unchanged() -> None:
    loaded = config(SEED_DEFAULT)
    assert [(s.name, s.slug, s.slos[0].objective) for s in loaded.services] == [
        ("api", "api", 0.995),
        ("frontend", "frontend", 0.999),
        ("worker", "worker", 0.99),
    ]
    assert loaded.default_service == "api"
    assert loaded.title == "SRE Ops — Mission Control"
    assert loaded.timezone == "UTC"
    assert loaded.window == Window(28 * 86400)
    assert (loaded.step_seconds, loaded.schedule_seconds) == (300, 300)
    assert loaded.prometheus.url == "http://localhost:9090"


def test_the_seeds_demo_file_loads_unchanged() -> None:
    loaded = config(SEED_DEMO)
    saturation = loaded.templates["saturation"]
    assert (saturation.by, saturation.origin) == ((), "sresnap.yaml:6")
    assert promql.render_member(saturation, Member("api", {"service": "api"}), {}) == (
        'demo_saturation_percent{service="api"}'
    )
    assert loaded.templates["request_rate"].origin == "presets/http.yaml"


def test_seed_queries_of_a_custom_provider_need_no_preset() -> None:
    text = "provider: custom\nqueries:\n  availability: 'avg_over_time(up{{job=\"{service}\"}}[{window}]) * 100'\n"
    loaded = config(text + ONE)
    assert set(loaded.templates) == {"availability"}
    assert loaded.services[0].slos == (
        Slo("availability", 0.999, Basis.TIME, None, SeriesKey.parse("availability"), None),
    )


@pytest.mark.parametrize(("percent", "ratio"), [("99.9", 0.999), ("99.95", 0.9995), ("99", 0.99), ("33.3", 0.333)])
def test_an_objective_is_exactly_the_decimal_number_in_the_file(percent: str, ratio: float) -> None:
    assert slo_of(f"services: [{{name: a, slo_target: {percent}}}]").objective == ratio


def test_the_presets_events_make_the_sli() -> None:
    assert slo_of(ONE) == Slo(
        "availability", 0.999, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad")
    )


def test_the_users_own_availability_wins_over_the_presets_events() -> None:
    assert (
        slo_of(
            ONE
            + "queries: {availability: 'up[{window}]', bad: null}".replace("up[", "avg_over_time(up[").replace(
                "]'", "])'"
            )
        ).basis
        is Basis.TIME
    )


def test_the_users_own_events_win_over_the_users_own_availability() -> None:
    queries = "{availability: 'x', total: 'increase(t[{window}])', good: 'increase(g[{window}])'}"
    assert slo_of(f"{ONE}queries: {queries}") == Slo(
        "availability", 0.999, Basis.EVENTS, SeriesKey.parse("total"), SeriesKey.parse("good"), None
    )


def test_the_users_own_of_good_and_bad_wins_and_good_wins_where_both_are() -> None:
    good = "good: 'increase(g[{window}])'"
    bad = "bad: 'increase(b[{window}])'"
    assert slo_of(f"{ONE}queries: {{{good}}}").series == (SeriesKey("total"), SeriesKey("good"))
    # A series of errors that appears with its first error misses that error.
    assert slo_of(f"{ONE}queries: {{{good}, {bad}}}").series == (SeriesKey("total"), SeriesKey("good"))


def test_without_events_the_presets_availability_is_weighted_by_time() -> None:
    assert slo_of(f"{ONE}queries: {{total: null}}").basis is Basis.TIME


def test_the_long_form_has_any_number_of_objectives() -> None:
    text = """
services:
  - name: web
    slos:
      - {name: availability, objective: 99.9}
      - {name: fast, objective: 99, latency_threshold: 300ms}
      - {name: not slow, objective: 99.9, latency_threshold: 1s}
"""
    assert config(text).services[0].slos == (
        Slo("availability", 0.999, Basis.EVENTS, SeriesKey.parse("total"), None, SeriesKey.parse("bad")),
        Slo("fast", 0.99, Basis.EVENTS, SeriesKey.parse("total"), SeriesKey.parse("latency_good@0.3"), None, 0.3),
        Slo("not slow", 0.999, Basis.EVENTS, SeriesKey.parse("total"), SeriesKey.parse("latency_good@1"), None, 1.0),
    )


def test_null_switches_a_query_off() -> None:
    assert "error_rate" not in config(f"{ONE}queries: {{error_rate: null}}").templates


def test_null_takes_the_signal_out_of_the_report() -> None:
    assert config(f"{ONE}queries: {{error_rate: null, cap_vps_disk: null}}").services[0].off == {
        "error_rate",
        "cap_vps_disk",
    }


@pytest.mark.parametrize(
    ("threshold", "written"),
    [
        ("300ms", "0.3"),
        ("9ms", "0.009"),  # 9 × 0.001 is 0.009000000000000001 in binary
        ("2.5s", "2.5"),
        ("0.35s", "0.35"),
        ("1s", "1"),
        ("1m30s", "90"),
        ("50us", "5e-05"),  # as clients of Go and Python write it
        ("250us", "0.00025"),
        ("0.030000000000000002s", "0.030000000000000002"),  # a boundary of Micrometer
        ("0.357913941s", "0.357913941"),
        ("1073741824ns", "1.073741824"),
        ("2.5e-3s", "0.0025"),
    ],
)
def test_a_latency_threshold_is_any_boundary_to_its_last_digit(threshold: str, written: str) -> None:
    slo = slo_of(f"services: [{{name: api, slos: [{{name: l, objective: 99, latency_threshold: {threshold}}}]}}]\n")
    assert slo.good is not None
    assert (slo.good.threshold, slo.threshold_seconds) == (written, float(written))


def test_latency_objectives_only_need_their_own_queries() -> None:
    queries = "total: 'sum(increase(c[{window}]))', latency_good: 'sum(increase(b{{le=~\"{threshold}\"}}[{window}]))'"
    slos = "[{name: fast, objective: 99, latency_threshold: 300ms}]"
    slo = slo_of(f"provider: custom\nservices: [{{name: api, slos: {slos}}}]\nqueries: {{{queries}}}\n")
    assert slo.series == (SeriesKey("total"), SeriesKey.parse("latency_good@0.3"))


def test_labels_default_to_the_services_name() -> None:
    labels = config("services: [{name: api, slo_target: 99, labels: {env: prod}}]").services[0].labels
    assert labels == {"service": "api", "env": "prod"}


def test_numbers_in_labels_and_names_keep_their_text() -> None:
    service = config("services: [{name: 404, slo_target: 99, labels: {version: 1.10, on: yes}}]").services[0]
    assert service.name == "404"
    assert service.labels == {"service": "404", "version": "1.10", "on": "yes"}


def test_a_query_may_use_the_presets_form() -> None:
    text = f"""{ONE}
queries:
  total: {{by: service, form: counted, selector: 'my_total{{{{job=~"{{service}}"}}}}'}}
"""
    total = config(text).templates["total"]
    assert total.by == ("service",)
    selector = 'my_total{{job=~"{service}"}}'
    assert total.promql.startswith(f"sum by (service) (({selector} - {selector} offset")
    assert (total.raw, total.around) == (selector, None)
    assert total.by_itself.promql.endswith(f"or increase({selector}[{{window}}]))")
    assert total.by_itself.raw is None


def test_a_form_takes_the_series_that_a_target_has_from_its_start() -> None:
    given = "{by: service, form: counted, selector: my_errors, siblings: my_total}"
    bad = config(f"{ONE}\nqueries:\n  bad: {given}\n").templates["bad"]
    assert (bad.raw, bad.around) == ("my_errors", "my_total")


def test_every_provider_has_the_shipped_forms_and_without_by_they_add_up_everything(tmp_path: Path) -> None:
    queries = "{total: {form: counted, selector: a_total}, bad: {form: counted, selector: e_total}}"
    total = config(f"provider: custom\n{ONE}\nqueries: {queries}\n").templates["total"]
    assert total.promql.startswith("sum by () ((a_total - a_total offset {window}")
    assert (total.raw, total.by) == ("a_total", ())
    (tmp_path / "mine.yaml").write_text(f"name: mine\nqueries: {queries}\n")
    (tmp_path / "sresnap.yaml").write_text(f"provider: mine.yaml\n{ONE}")
    assert load(tmp_path / "sresnap.yaml", {}, cwd=Path("/")).templates["total"].promql == total.promql


def test_a_form_of_a_preset_may_be_plain_promql(tmp_path: Path) -> None:
    text = "name: mine\nforms: {plain: 'sum(increase({selector}[{window}]))'}\n"
    (tmp_path / "mine.yaml").write_text(
        f"{text}queries: {{total: {{form: plain, selector: a}}, bad: 'b[{{window}}]'}}\n"
    )
    (tmp_path / "sresnap.yaml").write_text(f"provider: mine.yaml\n{ONE}")
    total = load(tmp_path / "sresnap.yaml", {}, cwd=Path("/")).templates["total"]
    assert (total.promql, total.by_itself) == ("sum(increase(a[{window}]))", total)


def test_a_preset_may_be_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "name: mine\nlatency_unit: milliseconds\nqueries:\n  availability: avg_over_time(up[{window}])\n"
        "  latency_p99: max(x)\n"
    )
    (tmp_path / "sresnap.yaml").write_text(f"provider: mine.yaml\n{ONE}")
    loaded = load(tmp_path / "sresnap.yaml", {}, cwd=Path("/"))
    assert loaded.templates["latency_p99"].unit == "milliseconds"
    assert loaded.templates["availability"].origin == "mine.yaml:4"
    assert loaded.path == tmp_path / "sresnap.yaml"


def test_the_files_latency_unit_wins_over_the_presets() -> None:
    assert config(ONE).templates["latency_p99"].unit == "seconds"
    assert config(f"latency_unit: milliseconds\n{ONE}").templates["latency_p99"].unit == "milliseconds"


def test_the_environment_wins_over_the_file() -> None:
    text = f"{ONE}title: File\ntimezone: Asia/Tokyo\nwindow: 7d\nstep: 1h\naccent: '#000000'\n"
    env = {
        "SRE_TITLE": "Über 環境",
        "SRE_TIMEZONE": "Europe/Berlin",
        "SRE_WINDOW": "30d",
        "SRE_STEP": "10m",
        "SRE_ACCENT": "#3b82f6",
        "SRE_FAVICON": "https://example/icon.svg",
    }
    loaded = config(text, env)
    assert (loaded.title, loaded.timezone, loaded.window.name) == ("Über 環境", "Europe/Berlin", "30d")
    assert (loaded.step_seconds, loaded.accent, loaded.favicon) == (600, "#3b82f6", "https://example/icon.svg")


@pytest.mark.parametrize("address", ["HTTPS://example/icon.svg", "Http://example/icon.svg"])
def test_the_scheme_of_an_icons_address_may_be_in_capitals(address) -> None:
    icon = read_favicon(config(f"{ONE}favicon: {address}\n").favicon)
    assert (icon.address, icon.files) == (address, {})
    assert href(address, "../../") == address


def test_a_favicon_is_a_file_or_an_address_and_a_missing_file_is_a_mistake(tmp_path) -> None:
    with pytest.raises(ConfigError, match="favicon: expected an icon's file"):
        config(f"{ONE}favicon: file.svg\n")
    with pytest.raises(ConfigError, match="SRE_FAVICON: expected an icon's file"):
        config(ONE, {"SRE_FAVICON": "file.svg"})
    (tmp_path / "file.svg").write_text("<svg/>")
    (tmp_path / "sresnap.yaml").write_text(f"{ONE}favicon: file.svg\n")
    assert load(None, {}, cwd=tmp_path).favicon == str(tmp_path / "file.svg")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert config(ONE, {"SRE_WINDOW": "", "SRE_TITLE": "  ", "PROMETHEUS_URL": ""}) == config(ONE)


def test_the_options_url_wins_then_the_environments_then_the_files() -> None:
    text = f"{ONE}prometheus: {{url: 'http://file:1/'}}\n"
    env = {"PROMETHEUS_URL": "http://env:2/prom/"}
    assert config(text).prometheus.url == "http://file:1"
    assert config(text, env).prometheus.url == "http://env:2/prom"
    assert config(text, env, prometheus_url="https://option").prometheus.url == "https://option"


def test_credentials_in_a_url_become_basic_authentication_and_are_not_shown() -> None:
    loaded = config(ONE, {"PROMETHEUS_URL": "https://me:p%40ss@prom.example:9090/x"})
    assert loaded.prometheus.url == "https://prom.example:9090/x"
    user, password = loaded.prometheus.basic_auth or ("", None)
    assert user == "me"
    assert password
    assert password.get_secret_value() == "p@ss"
    assert "p@ss" not in repr(loaded)
    assert "p%40ss" not in repr(loaded)


def test_secrets_come_from_variables_and_files(tmp_path: Path) -> None:
    (tmp_path / "org").write_text("tenant-1\n")
    (tmp_path / "sre.yaml").write_text(
        ONE + "prometheus: {bearer_token_env: PROM_TOKEN, headers: {X-Scope-OrgID: {file: org}, X-Plain: yes-really}}"
    )
    loaded = load(tmp_path / "sre.yaml", {"PROM_TOKEN": "geheim"}, cwd=tmp_path)
    headers = {name: value.get_secret_value() for name, value in loaded.prometheus.headers.items()}
    assert headers == {"Authorization": "Bearer geheim", "X-Scope-OrgID": "tenant-1", "X-Plain": "yes-really"}
    assert "geheim" not in repr(loaded)


def test_every_secret_is_known_by_the_key_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "org").write_text("tenant-1\n")
    (tmp_path / "sre.yaml").write_text(
        ONE + "prometheus: {url: 'https://me:p%40ss@prom.example', headers: {X-Org: {file: org}, X-Key: {env: KEY},"
        " X-Plain: yes-really}}\npublish: {target: 'gh-pages:https://x-token:hunter2@git.example/acme'}"
    )
    env = {"KEY": "k-1", "PROMETHEUS_URL": "https://tok3n@prom.example", "AWS_SECRET_ACCESS_KEY": "aws-1"}
    loaded = load(tmp_path / "sre.yaml", env, cwd=tmp_path)
    assert {where: value.get_secret_value() for where, value in loaded.secrets.items()} == {
        "prometheus.url": "p@ss",
        "PROMETHEUS_URL": "tok3n",
        "prometheus.headers.X-Org.file": "tenant-1",
        "prometheus.headers.X-Key.env": "k-1",
        "AWS_SECRET_ACCESS_KEY": "aws-1",
        "publish.target": "hunter2",
    }
    assert config(ONE, {}).secrets == {}


def test_allowed_addresses_are_named_as_the_report_shows_them() -> None:
    loaded = config(ONE + 'publish: {allow: ["10.0.0.5:9100", node.internal, "fd00::1"]}')
    assert loaded.allow == {"10.0.0.5:9100", "node.internal", "fd00::1"}
    for wrong in ("http://10.0.0.5", "*.internal", "user@node.internal", "a b"):
        with pytest.raises(
            ConfigError, match=r"publish\.allow\[0\]: expected an address or a host as the report shows it"
        ):
            config(ONE + f"publish: {{allow: ['{wrong}']}}")


def test_base_url_is_an_address_and_a_login_in_it_is_not_shown() -> None:
    for wrong in ("status.example", "ftp://status.example", "https://status.example/?page=1"):
        with pytest.raises(ConfigError, match=r"publish\.base_url: expected the site's http\(s\) address .*, found"):
            config(ONE + f"publish: {{base_url: '{wrong}'}}")
    for login in ("me:geheim", "me:geheim/x", "me:geheim@x", "me:x/geheim", "me:x geheim", "me:x?geheim"):
        with pytest.raises(ConfigError, match="found an address with a login") as error:
            config(ONE + f"publish: {{base_url: 'https://{login}@status.example'}}")
        assert "geheim" not in str(error.value)
    for right in ("https://status.example:8443/@team/", "http://[::1]:8000", "http://localhost"):
        assert config(ONE + f"publish: {{base_url: '{right}'}}").base_url == f"{right.rstrip('/')}/"


def test_a_query_in_an_address_is_not_shown() -> None:
    with pytest.raises(ConfigError, match="found an address with a query") as error:
        config(ONE + "publish: {base_url: 'https://status.example/x?token=geheim'}")
    assert "geheim" not in str(error.value)


def test_a_password_comes_from_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("geheim")
    (tmp_path / "sre.yaml").write_text(ONE + "prometheus: {basic_auth: {username: me, password_file: pw}}")
    login = load(tmp_path / "sre.yaml", {}, cwd=Path("/")).prometheus.basic_auth
    assert login
    assert (login[0], login[1].get_secret_value()) == ("me", "geheim")


def test_all_settings_of_prometheus_are_read(tmp_path: Path) -> None:
    for name in ("ca", "cert", "key"):
        (tmp_path / name).write_text("PEM")
    (tmp_path / "sre.yaml").write_text(
        ONE + "prometheus: {timeout: 10s, deadline: 2m, concurrency: 4, dialect: metricsql, insecure_skip_verify: true,"
        " ca_file: ca, cert_file: cert, key_file: key}"
    )
    found = load(tmp_path / "sre.yaml", {}, cwd=tmp_path).prometheus
    assert (found.timeout_seconds, found.deadline_seconds, found.concurrency) == (10, 120, 4)
    assert (found.dialect, found.verify) == ("metricsql", False)
    assert (found.ca_file, found.cert_file, found.key_file) == (tmp_path / "ca", tmp_path / "cert", tmp_path / "key")


def test_keys_for_a_later_version_are_accepted() -> None:
    config(
        ONE + "archive: {keep: {every: 24h, hourly: 7d, daily: 90d, monthly: 5y}, max_bytes: 600MB}\n"
        "publish: {target: 's3://bucket/prefix', base_url: 'https://status.example'}\n"
    )


def test_metricsql_is_not_checked_as_promql() -> None:
    text = f"{ONE}queries: {{saturation: 'x keep_metric_names'}}\n"
    assert config(f"{text}prometheus: {{dialect: metricsql}}").templates["saturation"].promql == "x keep_metric_names"


def test_anchors_aliases_and_merge_keys_work() -> None:
    text = """
services:
  - &base {name: api, slo_target: 99, labels: &labels {env: prod}}
  - {<<: *base, name: web}
  - {name: db, slo_target: 99.9, labels: *labels}
"""
    assert [(s.name, s.slos[0].objective, s.labels["env"]) for s in config(text).services] == [
        ("api", 0.99, "prod"),
        ("web", 0.99, "prod"),
        ("db", 0.999, "prod"),
    ]


def test_any_text_is_a_valid_name() -> None:
    odd = 'a"b\\c.*'
    loaded = config(
        f"title: 'Zuverlässigkeit ✓'\nservices: [{{name: '{odd}', slo_target: 99}}, {{name: 服务, slo_target: 9}}]"
    )
    assert [service.name for service in loaded.services] == [odd, "服务"]


@pytest.mark.parametrize("name", ["api", "a", "api-2.v_1", "0", "x" * 63])
def test_a_plain_name_is_its_own_slug(name: str) -> None:
    assert slug(name) == name


@pytest.mark.parametrize("name", ["API", "a b", "a.", "../x", "-a", ".hidden", "服务", "", "x" * 64, "a/b", "a@docker"])
def test_any_other_name_gets_a_safe_slug_with_a_hash(name: str) -> None:
    made = slug(name)
    assert slug(made) == made
    assert made[-7] == "-"


@settings(max_examples=10, deadline=None)
@given(st.permutations(["Café", "Cafe", "cafe", "CAFÉ", "Zürich", "Zurich", "可用性"]), st.integers(1, 7))
def test_the_address_of_a_service_stays_when_others_come_or_go(names: list[str], count: int) -> None:
    services = ", ".join(f"{{name: {name}, slo_target: 99}}" for name in names[:count])
    loaded = config(f"services: [{services}]")
    assert [service.slug for service in loaded.services] == [slug(name) for name in names[:count]]


def test_the_history_of_an_slo_whose_address_has_plain_letters_now_is_found() -> None:
    queries = "{total: 'sum(increase(a[{window}]))', good: 'sum(increase(b[{window}]))'}"
    own = f"{{name: Verfügbarkeit, objective: 99, queries: {queries}}}"
    (service,) = config(f"services: [{{name: Zürich, slos: [{own}]}}]").services
    assert str(service.slos[0].total) == "total#z-rich-425168.verf-gbarkeit-98360c"
    assert service.slug == "zurich-425168"


def test_names_that_clean_to_the_same_text_have_different_slugs() -> None:
    assert len({slug(name) for name in ("a b", "a/b", "A b", "a-b", "a  b")}) == 5


def test_the_file_is_the_one_given_then_the_variables_then_a_known_name(tmp_path: Path) -> None:
    (tmp_path / "sre.yaml").touch()
    assert find(None, {}, tmp_path) == Path("sre.yaml")
    (tmp_path / "sresnap.yaml").touch()
    assert find(None, {}, tmp_path) == Path("sresnap.yaml")
    assert find(None, {"SRE_CONFIG_FILE": "x.yaml"}, tmp_path) == Path("x.yaml")
    assert find(Path("y.yaml"), {"SRE_CONFIG_FILE": "x.yaml"}, tmp_path) == Path("y.yaml")


def test_without_a_file_the_error_shows_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(None, {}, cwd=tmp_path)
    assert "sresnap init" in (caught.value.hint or "")
    assert "sresnap demo" in (caught.value.hint or "")


def test_the_burn_windows_match_the_workbook() -> None:
    assert [(p.severity, p.budget_share, p.long_seconds, p.short_seconds) for p in burn_pairs()] == [
        ("page", 0.02, 3600, 300),
        ("page", 0.05, 21600, 1800),
        ("ticket", 0.1, 86400, 7200),
        ("ticket", 0.1, 259200, 21600),
    ]


def test_the_schema_describes_every_key() -> None:
    schema = config_schema()
    assert schema["required"] == ["services"]
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]["queries"]["propertyNames"]["enum"]) == set(SIGNALS)
    assert "SRE_WINDOW" in schema["properties"]["window"]["description"]


def test_the_example_with_all_keys_in_the_docs_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text("utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    for name in ("ca.pem", "client.pem", "client.key", "logo.svg"):
        (tmp_path / name).touch()
    (tmp_path / "brand").mkdir()
    (tmp_path / "review-de.yaml").write_text("rules: {}", "utf-8")
    (tmp_path / "sresnap.yaml").write_text(text, "utf-8")
    variables = {"PROM_TOKEN": "t", "API_KEY": "k", "EU_TOKEN": "e"}
    loaded = load(tmp_path / "sresnap.yaml", variables, cwd=tmp_path)
    assert [service.name for service in loaded.services] == ["api", "web", "ingress"]


def test_a_count_of_samples_may_leave_out_one_edge_of_its_window() -> None:
    text = "services: [{name: api, slo_target: 99}]\nprovider: custom\nqueries:\n"
    text += "  total: sum(count_over_time(up[{within}]))\n  good: sum(sum_over_time(up[{within}]))\n"
    config = loads(text, "sresnap.yaml", {}, cwd=Path.cwd())
    assert config.templates["total"].promql == "sum(count_over_time(up[{within}]))"
