"""Sample snapshots: every state that a page must show, made by arithmetic without chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from sresnap.compute.fleet.composite import composite, groups
from sresnap.compute.fleet.now import fleet_now, service_now
from sresnap.compute.slo.corrections import Exclusions
from sresnap.compute.slo.evaluate import evaluate_slo, worst
from sresnap.compute.slo.events import SloData
from sresnap.config.burn import burn_pairs
from sresnap.model.changes import Changes, SloChange
from sresnap.model.composite import Composite, GroupReport
from sresnap.model.corrections import Correction, cuts
from sresnap.model.events import EventCount
from sresnap.model.golden import SignalReport, SignalWindow
from sresnap.model.hours import HourlyCounts
from sresnap.model.people import NamedLink, People
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import FOUR_WEEKS, Basis, Group, Method, Slo
from sresnap.model.signals import GOLDEN
from sresnap.model.slo import Hours, SloReport
from sresnap.model.snapshot import (
    SCHEMA,
    Policy,
    PreviousReport,
    Problem,
    QueryRecord,
    ServiceReport,
    SiteSettings,
    Snapshot,
    Source,
)
from sresnap.model.status import Status
from sresnap.model.windows import (
    DAY,
    HOUR,
    MINUTE,
    SHORT_WINDOWS,
    CalendarUnit,
    CalendarWindow,
    SloWindow,
    parse_time,
    snapshot_id,
)

AT = parse_time("2026-11-22T21:30:00Z")
WINDOW = "28d"
FIRST_HOUR = AT - AT % HOUR - 28 * DAY + HOUR
POLICIES = {
    Status.EXHAUSTED: "Freeze risky deploys: only fixes go out until there is budget again.",
    Status.CRITICAL: "Act now: the budget goes critically fast.",
    Status.AT_RISK: "Put reliability first: look at the largest burn, and take no new risk.",
    Status.NO_DATA: "Unknown: mend the measuring first; risky deploys wait.",
    Status.INSUFFICIENT: "Unknown: there is too little data to say; risky deploys wait.",
    Status.HEALTHY: "Deploys allowed: there is budget to spend.",
}


def noise(seed: int, index: int) -> float:
    """0..1, the same every time."""
    return math.modf(abs(math.sin(seed * 12.9898 + index * 78.233)) * 43758.5453)[0]


def traffic(seed: int, hour: int) -> float:
    return round(9000 * (1 + 0.6 * math.sin((hour % 24) / 24 * 2 * math.pi)) * (0.9 + 0.2 * noise(seed, hour)))


@cache
def hours_of(error_ratio: float, seed: int = 1, seen_from: int = 0, episodes=(), gaps=(), busy: bool = True):
    """Good and total of 671 hours, with extra errors in episodes {(hour, length, ratio)}."""
    good, total = [], []
    for hour in range(28 * 24 - 1):
        if hour < seen_from or hour in gaps:
            good.append(None)
            total.append(None)
            continue
        events = traffic(seed, hour) if busy else 0.0
        ratio = error_ratio * (0.5 + noise(seed + 7, hour))
        ratio = next((r for start, length, r in episodes if start <= hour < start + length), ratio)
        total.append(events)
        good.append(events - round(events * ratio))
    return Hours(FIRST_HOUR, tuple(good), tuple(total))


def no_hours() -> Hours:
    return Hours(FIRST_HOUR, (None,) * 671, (None,) * 671)


def _month_before(hours: Hours) -> HourlyCounts:
    """A calm month before some hours, at their first hour's traffic: a report knows two windows."""
    total = hours.total[0] or 0.0
    each = EventCount(total - round(total * 0.001), total)
    return HourlyCounts.of(hours.start - 672 * HOUR, [each] * 672)


def slo(
    name: str = "availability",
    objective: float = 0.995,
    hours: Hours | None = None,
    threshold_seconds: float | None = None,
    basis: Basis = Basis.EVENTS,
    window: SloWindow = FOUR_WEEKS,
    short=None,
    corrections: Sequence[Correction] = (),
    **changes,
) -> SloReport:
    """An SLO as `compute` judges these hours; `changes` replace what a test wants to be different.

    The running half hour has half the events of the hour before it. Windows up to 6h are sums of the last hours, unless
    `short` gives the counts by seconds.
    """
    hours = hours or hours_of(0.002)
    sliced = {"slice_seconds": 60, "slice_target": 0.95} if basis is Basis.SLICES else {}
    total = None if basis is Basis.TIME else SeriesKey("total")
    definition = Slo(name, objective, basis, total, SeriesKey("good"), None, threshold_seconds, window, **sliced)
    judged = _judged(definition, hours, tuple((short or {}).items()), tuple(corrections))
    return replace(judged, **changes)


@cache
def _judged(definition: Slo, hours: Hours, short, corrections: tuple[Correction, ...]) -> SloReport:
    """Evaluated once for all tests: nothing changes a report."""
    counts = HourlyCounts.of_report(hours)
    before = counts.count(-1)
    running = None if before is None else EventCount(before.good // 2, before.total // 2)
    whole_history = _month_before(hours).followed_by(counts) if hours.good and hours.good[0] is not None else counts
    last = {w.seconds: counts.tail(max(1, w.seconds // HOUR)).sum() for w in SHORT_WINDOWS}
    data = SloData(
        at=AT,
        short=last | dict(short),
        running=running,
        hours=whole_history,
        seen=[bool(is_known) for is_known in counts.tail(6).known for _ in range(12)],
    )
    whole = dict.fromkeys(cuts(corrections, hours.start, AT))
    return evaluate_slo(definition, data, burn_pairs(), Exclusions(corrections, whole))


@cache
def signal(unit: str, base: float, seed: int = 1, peak: float = 1.6, gap: bool = False) -> SignalReport:
    windows = {}
    for window, step, count in (("1h", 60, 61), ("6h", 300, 73), (WINDOW, HOUR, 672)):
        start = AT - AT % step - step * (count - 1)
        values = [base * (0.8 + 0.4 * noise(seed + step, i) + 0.3 * math.sin(i / count * 9)) for i in range(count)]
        if gap:
            values = [None if count // 3 < i < count // 2 else v for i, v in enumerate(values)]
        peaks = None
        if window == WINDOW:
            peaks = tuple(None if v is None else v * (peak + (3 if i % 97 == 0 else 0)) for i, v in enumerate(values))
        windows[window] = SignalWindow(start, step, tuple(values), peaks)
    return SignalReport(unit, windows["1h"].values[-1], windows)


def no_signal(unit: str, reason: str) -> SignalReport:
    return SignalReport(unit, None, {}, reason)


def golden(seed: int = 1, **overrides: SignalReport):
    found = {
        "latency_p99": signal("seconds", 0.329, seed),
        "request_rate": signal("per_second", 2.6 * seed, seed + 1),
        "error_rate": signal("ratio", 0.002, seed + 2),
        "saturation": signal("ratio", 0.41, seed + 3),
    }
    return {**found, **overrides}


CAPACITY = {"vps_cpu": 0.551, "vps_memory": 0.834, "vps_disk": 0.62, "container_cpu": 0.31, "container_memory": 1.04}


def service(
    name: str = "api",
    slug: str | None = None,
    slos=None,
    seed: int = 1,
    signals=None,
    capacity=None,
    weight: float = 1.0,
) -> ServiceReport:
    slos = slos if slos is not None else (slo(),)
    status = worst(slo.status for slo in slos)
    capacity = dict(CAPACITY) if capacity is None else capacity
    absent = {key: "The preset http has no query for it." for key in CAPACITY if capacity.get(key) is None}
    return ServiceReport(
        name,
        slug or name,
        status,
        tuple(slos),
        signals or golden(seed),
        capacity,
        absent,
        policy=Policy(POLICIES[status], None, "default"),
        weight=weight,
        now=service_now(slos),
    )


def query(signal_key: str = "total", **changes) -> QueryRecord:
    found = QueryRecord(
        promql='sum by (service) (increase(http_requests_total{service=~"api|web|worker"}[1h]))',
        time=AT,
        start=None,
        step_seconds=None,
        signal=signal_key,
        purpose="sli",
        window="1h",
        services=None,
        series=3,
        seconds=0.012,
        warnings=(),
        infos=(),
        error=None,
    )
    return replace(found, **changes)


QUERIES = (
    query(),
    query("bad", window="6h"),
    query("latency_p99", purpose="signal", start=AT - 6 * HOUR, step_seconds=300, window="6h"),
    query("saturation", purpose="signal", services=("api",), infos=("metric might not be a counter",)),
)


def composite_of(services, method: Method = Method.BUDGET) -> Composite:
    return composite(services, {service.name: service.weight for service in services}, method)


def group_of(name: str, services, method: Method = Method.BUDGET) -> GroupReport:
    return groups(services, [Group(name, tuple(service.name for service in services), method=method)])[0]


def snapshot(services=None, problems=(), queries=QUERIES, at: int = AT, **site) -> Snapshot:
    services = tuple(services if services is not None else (service(),))
    settings = SiteSettings(
        title="Acme reliability",
        timezone="Europe/Berlin",
        schedule_seconds=300,
        window=WINDOW,
        provider="http",
        default_service=services[0].name if services else "",
        accent=None,
        favicon=None,
    )
    return Snapshot(
        schema=SCHEMA,
        id=snapshot_id(at),
        at=at,
        generated_at=at + 4,
        previous=PreviousReport("20261122T212500Z", "0" * 64),
        status=worst(service.status for service in services),
        site=replace(settings, **site),
        source=Source("prometheus", "2.42.0", "https://prom.example:9090", 15 * DAY),
        problems=tuple(problems),
        composite=composite_of(services),
        services=services,
        queries=tuple(queries),
        now=fleet_now(services),
    )


@cache
def _healthy_slos(seed: int) -> tuple[SloReport, ...]:
    latency = slo("latency", 0.99, hours_of(0.004, seed + 3), threshold_seconds=0.5)
    return slo(hours=hours_of(0.0015, seed)), latency


def healthy_service(name: str = "api", seed: int = 1) -> ServiceReport:
    return service(name, slos=_healthy_slos(seed), seed=seed)


def overspent_service(name: str = "worker") -> ServiceReport:
    hours = hours_of(0.001, 5, episodes=((300, 5, 0.4), (520, 20, 0.12), (640, 31, 0.02)))
    return service(name, slos=(slo(objective=0.995, hours=hours),), seed=5)


def at_risk_service(name: str = "web") -> ServiceReport:
    hours = hours_of(0.0007, 3, episodes=((200, 4, 0.018), (648, 23, 0.0035)), gaps=range(400, 418))
    risky = slo(objective=0.999, hours=hours)
    return service(name, slos=(risky,), seed=3, signals=golden(3, latency_p99=signal("seconds", 0.2, 3, gap=True)))


def no_signals(why: str):
    return {signal.key: no_signal(signal.unit, why) for signal in GOLDEN}


def spent_service(name: str = "worker") -> ServiceReport:
    """Its budget was spent weeks ago, and it is at rest."""
    return service(name, slos=(slo(objective=0.995, hours=hours_of(0.001, 5, episodes=((100, 20, 0.3),))),), seed=5)


def burning_service(name: str = "worker") -> ServiceReport:
    """Its budget was spent weeks ago, and it burns: 0.355 of its events are bad, which is 71 times 0.005."""
    hours = hours_of(0.001, 5, episodes=((100, 20, 0.3), (665, 6, 0.355)))
    last = hours.total[-1]
    short = {w.seconds: EventCount(0.645 * last, last) for w in SHORT_WINDOWS if w.seconds <= HOUR}
    return service(name, slos=(slo(objective=0.995, hours=hours, short=short),), seed=5)


def no_data_service(name: str = "batch") -> ServiceReport:
    signals = no_signals("No series came: does the label service have another name here?")
    return service(name, slos=(slo(hours=no_hours()),), signals=signals, capacity=dict.fromkeys(CAPACITY))


def small_service(name: str = "api", slos: int = 1) -> ServiceReport:
    """A service without signals, for tests of what becomes of a report: it is drawn in a third of the time."""
    signals = no_signals("The preset custom has no query for it.")
    return service(name, slos=_healthy_slos(1)[:slos], signals=signals, capacity=dict.fromkeys(CAPACITY))


def small(**site) -> Snapshot:
    return snapshot([small_service()], **site)


def no_service() -> Snapshot:
    """For tests of what happens to a report, not of its content: it is drawn in a fifth of the time."""
    return snapshot([])


def healthy() -> Snapshot:
    return snapshot([healthy_service("api", 1), healthy_service("frontend", 2), healthy_service("worker", 4)])


def mixed() -> Snapshot:
    return snapshot([healthy_service(), at_risk_service(), overspent_service()])


def overspent() -> Snapshot:
    return snapshot([overspent_service()])


def burning() -> Snapshot:
    return snapshot([healthy_service(), at_risk_service(), burning_service()])


def no_data() -> Snapshot:
    problems = [Problem("no_series", "No series came for it.", "batch", key) for key in ("total", "latency_p99")]
    return snapshot([no_data_service()], problems)


def first_report() -> Snapshot:
    return snapshot([service(slos=(slo(hours=hours_of(0.0015, seen_from=27 * 24)),))])


def some_failed() -> Snapshot:
    failure = "422 from Prometheus: query processing would load too many samples into memory"
    signals = golden(saturation=no_signal("ratio", f"The query failed: {failure}"))
    problems = [Problem("query_failed", failure, name, "saturation") for name in ("api", "frontend")]
    queries = (*QUERIES, query("saturation", purpose="peak", series=0, error=failure, warnings=("results truncated",)))
    return snapshot([service(signals=signals), healthy_service("frontend", 2)], problems, queries)


def no_traffic() -> Snapshot:
    idle = slo(hours=hours_of(0.0, busy=False))
    zero = {
        w: replace(s, values=tuple(0.0 for _ in s.values), peaks=None)
        for w, s in signal("per_second", 1).windows.items()
    }
    return snapshot([service(slos=(idle,), signals=golden(request_rate=SignalReport("per_second", 0.0, zero)))])


def low_traffic() -> Snapshot:
    """Twelve requests in four weeks, one of them bad."""
    quiet = (0.0,) * 669
    few = slo(objective=0.999, hours=Hours(FIRST_HOUR, (*quiet, 11.0, 0.0), (*quiet, 12.0, 0.0)))
    return snapshot([service("billing", slos=(few,))])


WEIRD = ("<script>alert(1)</script>", "quo\"te's & more", "خدمة الدفع", "x" * 120, "a${b}{{ c }}", "日本語サービス")


def weird_people(name: str) -> People:
    """As an edited snapshot may have them: no configuration has such links."""
    links = (NamedLink(name, "javascript:alert(4)"), NamedLink("x", f"https://wiki.example/{name}"))
    return People(name, name, name, "javascript:alert(5)", links, (name, "a=b"))


def weird_names() -> Snapshot:
    services = [
        replace(service(name, slug=f"s{index}", seed=index + 1), people=weird_people(name))
        for index, name in enumerate(WEIRD)
    ]
    problems = [Problem("query_failed", "<img src=x onerror=alert(1)>", WEIRD[0], "saturation")]
    queries = (query(promql='up{job="</code><script>alert(2)</script>"}', services=(WEIRD[0],)),)
    return snapshot(services, problems, queries, title='"><script>alert(3)</script>', default_service=WEIRD[0])


def many(count: int = 42) -> Snapshot:
    makers = (healthy_service, healthy_service, healthy_service, at_risk_service, overspent_service)
    return snapshot([makers[index % 5](f"service-{index:02}") for index in range(count)])


def this_month(**more) -> SloReport:
    """To date: 526 whole hours since 1 Nov, 00:00 in Berlin."""
    return slo(window=CalendarWindow(CalendarUnit.MONTH, "Europe/Berlin"), **more)


def corrected_slo() -> SloReport:
    """A move of the database, five hours of errors, is left out."""
    start = FIRST_HOUR + 300 * HOUR
    move = Correction("Database move <b>big</b>", start, start + 5 * HOUR)
    return slo(hours=hours_of(0.0007, 3, episodes=((300, 5, 0.4),)), corrections=(move,))


def withheld_slo() -> SloReport:
    """Five errors at night: the pair exceeds its threshold, but says little."""
    at_night = {HOUR: EventCount(367.0, 372.0), 5 * MINUTE: EventCount(72.0, 75.0)}
    return slo(objective=0.999, hours=hours_of(0.0002, 9), short=at_night)


def sliced_slo() -> SloReport:
    """Minutes that were good."""
    return slo("minutes", 0.995, hours_of(0.002, 8), basis=Basis.SLICES)


def evaluated() -> Snapshot:
    """Kinds, windows, corrections, withheld alerts, statements, policies, groups: all in one report."""
    own = Policy("Feature freeze <until> the budget is back.", "https://wiki.example/policy?a=1&b=2", "config")
    monthly = this_month(name="availability-month", hours=hours_of(0.002, 4, episodes=((400, 6, 0.05),)))
    timed = slo("uptime", 0.99, hours_of(0.002, 6), basis=Basis.TIME)
    shop = People("Maya Ortiz", "Shop", "What the pages ask.", "https://wiki.example/api", tags=("web", "tier=1"))
    mail = NamedLink("Mail", "mailto:shop@acme.example")
    services = [
        replace(service("api", slos=(corrected_slo(), monthly)), weight=2.0, people=replace(shop, links=(mail,))),
        service("web", slos=(withheld_slo(), sliced_slo(), timed), seed=3),
        replace(overspent_service(), policy=own, people=People(owner="Jonas Weber", team="Back office")),
        replace(no_data_service(), policy=None),
    ]
    report = snapshot(services)
    pooled = group_of("backend", services[2:], Method.POOLED)
    return replace(report, groups=(group_of("shop", services[:2]), pooled))


def recovered() -> Snapshot:
    """The worker was out of budget in the report before; its last episode has left the window."""
    report = snapshot([healthy_service(), replace(healthy_service("worker", 4), name="worker")])
    left = report.services[1].slos[0].budget.remaining_ratio
    change = SloChange("worker", "availability", Status.EXHAUSTED, Status.HEALTHY, -0.12, left)
    return replace(report, changes=Changes(parse_time("2026-11-22T21:25:00Z"), (change,)))


def five_hundred() -> Snapshot:
    """Three of them are not healthy. All have the numbers of three services, so that this is quick to make."""
    well, risk, spent = healthy_service("x"), at_risk_service("x"), overspent_service("x")
    makes = [spent, risk, risk] + [well] * 497
    services = [replace(made, name=f"service-{i:03}", slug=f"service-{i:03}") for i, made in enumerate(makes)]
    return snapshot(services)


STATES = {
    "recovered": recovered,
    "evaluated": evaluated,
    "healthy": healthy,
    "mixed": mixed,
    "overspent": overspent,
    "burning": burning,
    "no_data": no_data,
    "first_report": first_report,
    "some_failed": some_failed,
    "no_traffic": no_traffic,
    "low_traffic": low_traffic,
    "weird_names": weird_names,
    "one_service": snapshot,
    "no_service": no_service,
    "many": many,
}
