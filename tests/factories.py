"""Sample snapshots: every state that a page must show, made by arithmetic without chance."""

from __future__ import annotations

import math
from dataclasses import replace

from sresnap.compute.slo.corrections import as_measured
from sresnap.model.changes import Changes, SloChange
from sresnap.model.composite import Composite, GroupReport, Share
from sresnap.model.forecast import Forecast, PaceForecast
from sresnap.model.golden import SignalReport, SignalWindow
from sresnap.model.slo import (
    Alert,
    AppliedCorrection,
    Budget,
    CalendarReport,
    Hours,
    Precision,
    SloReport,
    Uncorrected,
    WindowReport,
)
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
from sresnap.model.statement import Episode, Statement
from sresnap.model.status import Status
from sresnap.model.windows import (
    DAY,
    HOUR,
    LONG_WINDOWS,
    SHORT_WINDOWS,
    parse_duration,
    parse_time,
    snapshot_id,
)
from sresnap.model.windows import Window as ReportWindow

AT = parse_time("2026-11-22T21:30:00Z")
WINDOW = "28d"
FIRST_HOUR = AT - AT % HOUR - 28 * DAY + HOUR
WINDOWS = (*SHORT_WINDOWS, *LONG_WINDOWS, ReportWindow(28 * DAY))
POLICIES = {
    Status.EXHAUSTED: "Freeze risky deploys: only fixes go out until there is budget again.",
    Status.CRITICAL: "Act now: the budget goes critically fast.",
    Status.AT_RISK: "Put reliability first: look at the largest burn, and take no new risk.",
    Status.NO_DATA: "Unknown: mend the measuring first; risky deploys wait.",
    Status.INSUFFICIENT: "Unknown: there is too little data to say; risky deploys wait.",
    Status.HEALTHY: "Deploys allowed: there is budget to spend.",
}
PAIRS = (
    ("page", "1h", "5m", 13.44),
    ("page", "6h", "30m", 5.6),
    ("ticket", "1d", "2h", 2.8),
    ("ticket", "3d", "6h", 0.9333),
)


def noise(seed: int, index: int) -> float:
    """0..1, the same every time."""
    return math.modf(abs(math.sin(seed * 12.9898 + index * 78.233)) * 43758.5453)[0]


def traffic(seed: int, hour: int) -> float:
    return round(9000 * (1 + 0.6 * math.sin((hour % 24) / 24 * 2 * math.pi)) * (0.9 + 0.2 * noise(seed, hour)))


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


def slo(
    name: str = "availability",
    objective: float = 0.995,
    hours: Hours | None = None,
    status: Status = Status.HEALTHY,
    reason: str = "The budget lasts at this pace.",
    threshold_seconds: float | None = None,
    basis: str = "events",
) -> SloReport:
    hours = hours or hours_of(0.002)
    known = [(g, t) for g, t in zip(hours.good, hours.total, strict=True) if g is not None and t is not None]
    windows = {w.name: window_report(w, hours, objective) for w in WINDOWS}
    good, total = sum(g for g, _ in known), sum(t for _, t in known)
    left = None if not known else 1.0 if total == 0 else 1 - (1 - good / total) / (1 - objective)
    budget = Budget(
        remaining_ratio=left,
        remaining_seconds=None if left is None else left * (1 - objective) * 28 * DAY,
        remaining_events=None if left is None or basis == "time" else left * (1 - objective) * total,
    )
    alerts = tuple(
        Alert(severity, long, short, limit, a, b, None if a is None or b is None else a > limit and b > limit)
        for severity, long, short, limit in PAIRS
        for a, b in [(windows[long].burn_rate, windows[short].burn_rate)]
    )
    flags = ("no_traffic",) if known and total == 0 else ()
    forecast = Forecast(None, "3d" if left is not None and left > 0 else None)
    return SloReport(
        name,
        objective,
        basis,
        threshold_seconds,
        WINDOW,
        status,
        reason,
        flags,
        windows,
        budget,
        alerts,
        forecast,
        hours,
        kind={"events": "occurrences", "slices": "timeslices", "time": "time"}[basis],
        statement=statement_of(hours, objective),
        precision=Precision(len(known), 0, 0.0) if basis == "events" and known else None,
    )


def statement_of(hours: Hours, objective: float) -> Statement | None:
    """An episode is a run of hours that burn at 2 or more; the rest is background."""
    known = [(i, g, t) for i, (g, t) in enumerate(zip(hours.good, hours.total, strict=True)) if t is not None]
    if not known:
        return None
    total = sum(t for _, _, t in known)
    bad = sum(t - g for _, g, t in known)
    first = hours.start
    runs, rest, previous = [], [], None
    for index, good, events in known:
        hot = events > 0 and (events - good) / events / (1 - objective) >= 2
        if hot and previous == index - 1 and runs:
            runs[-1].append((index, good, events))
        elif hot:
            runs.append([(index, good, events)])
        else:
            rest.append((index, good, events))
        previous = index if hot else None

    def episode(part, **more):
        spent = sum(t - g for _, g, t in part)
        share = spent / ((1 - objective) * total) if total else 0.0
        start = first + part[0][0] * HOUR if part else first
        end = first + (part[-1][0] + 1) * HOUR if part else AT
        peak = max(((t - g) / t / (1 - objective) for _, g, t in part if t), default=0.0)
        minutes = 60.0 * len(part)
        outage = share * (1 - objective) * 28 * DAY / 60
        return Episode(start, end, spent, minutes, outage, share, spent / bad if bad else 0.0, peak, **more)

    spent_share = bad / ((1 - objective) * total) if total else 0.0
    found = []
    for run in runs:
        last = first + (run[-1][0] + 1) * HOUR
        share = sum(t - g for _, g, t in run) / ((1 - objective) * total)
        found.append(
            episode(run, ongoing=last >= AT - HOUR, leaves_at=last + 28 * DAY, remaining_after=1 - spent_share + share)
        )
    return Statement(bad, total, spent_share, tuple(found), episode(rest))


def window_report(window: ReportWindow, hours: Hours, objective: float) -> WindowReport:
    count = max(1, window.seconds // HOUR)
    pairs = list(zip(hours.good, hours.total, strict=True))[-count:]
    known = [(g, t) for g, t in pairs if g is not None and t is not None]
    good, total = sum(g for g, _ in known), sum(t for _, t in known)
    sli = good / total if total else None
    rate = None if not known else 0.0 if sli is None else (1 - sli) / (1 - objective)
    return WindowReport(
        AT - window.seconds,
        AT,
        good if known else None,
        total if known else None,
        sli,
        rate,
        len(known) / len(pairs),
    )


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
    status = min((s.status for s in slos), key=lambda s: s.rank, default=Status.NO_DATA)
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


def composite_of(services, method: str = "budget") -> Composite:
    """The weighted mean of the consumed budgets; beside it that of what was measured, where something is left out."""
    found = _composite_of(services, method)
    if all(o.uncorrected is None for one in services for o in one.slos):
        return found
    raw = _composite_of([replace(one, slos=tuple(map(as_measured, one.slos))) for one in services], method)
    return replace(found, raw_remaining_ratio=raw.remaining_ratio, raw_mean_sli=raw.mean_sli, raw_shares=raw.shares)


def _composite_of(services, method: str) -> Composite:
    """Each service by its SLO with the least left."""
    shares = []
    for one in services:
        known = [o for o in one.slos if o.budget.remaining_ratio is not None]
        if known:
            least = min(known, key=lambda o: o.budget.remaining_ratio)
            shares.append(Share(one.name, least.name, one.weight, least.budget.remaining_ratio))
    weights = sum(share.weight for share in shares)
    slis = [x for one in services for o in one.slos[:1] if (x := o.windows[o.window].sli) is not None]
    return Composite(
        1 - sum(share.weight * (1 - share.remaining_ratio) for share in shares) / weights if shares else None,
        len(services),
        len(shares),
        min(shares, key=lambda share: share.remaining_ratio).service if shares else None,
        sum(slis) / len(slis) if slis else None,
        method,
        tuple(shares),
        tuple(one.name for one in services if one.name not in {share.service for share in shares}),
    )


def group_of(name: str, services, method: str = "budget") -> GroupReport:
    return GroupReport(name, min((s.status for s in services), key=lambda s: s.rank), composite_of(services, method))


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
        status=min((s.status for s in services), key=lambda s: s.rank, default=Status.NO_DATA),
        site=replace(settings, **site),
        source=Source("prometheus", "2.42.0", "https://prom.example:9090", 15 * DAY),
        problems=tuple(problems),
        composite=composite_of(services),
        services=services,
        queries=tuple(queries),
    )


def healthy_service(name: str = "api", seed: int = 1) -> ServiceReport:
    latency = slo("latency", 0.99, hours_of(0.004, seed + 3), threshold_seconds=0.5)
    return service(name, slos=(slo(hours=hours_of(0.0015, seed)), latency), seed=seed)


def overspent_service(name: str = "worker") -> ServiceReport:
    hours = hours_of(0.001, 5, episodes=((300, 5, 0.4), (520, 20, 0.12), (640, 31, 0.02)))
    spent = slo(
        objective=0.995, hours=hours, status=Status.EXHAUSTED, reason="The error budget of 28d is spent: −52 % is left."
    )
    back = parse_time("2026-12-11T01:00:00Z")
    paces = (PaceForecast("6h", 3.2, None, None, -2.0), PaceForecast("3d", 0.8, None, back, 0.1))
    spent = replace(spent, forecast=Forecast(None, "3d", "recovers", recovers_at=back, paces=paces))
    return service(name, slos=(spent,), seed=5)


def at_risk_service(name: str = "web") -> ServiceReport:
    hours = hours_of(0.0007, 3, episodes=((200, 4, 0.018), (648, 23, 0.0035)), gaps=range(400, 418))
    risky = slo(
        objective=0.999,
        hours=hours,
        status=Status.AT_RISK,
        reason="Burning 3.36 times as fast as the budget allows over 1d and 3.5 times over 2h; the limit is 2.8.",
    )
    return service(name, slos=(risky,), seed=3, signals=golden(3, latency_p99=signal("seconds", 0.2, 3, gap=True)))


def no_data_service(name: str = "batch") -> ServiceReport:
    nothing = slo(hours=no_hours(), status=Status.NO_DATA, reason="No data for the whole window of 28d.")
    why = "No series came: does the label service have another name here?"
    signals = {
        key: no_signal(unit, why)
        for key, unit in (
            ("latency_p99", "seconds"),
            ("request_rate", "per_second"),
            ("error_rate", "ratio"),
            ("saturation", "ratio"),
        )
    }
    return service(name, slos=(nothing,), signals=signals, capacity=dict.fromkeys(CAPACITY))


def healthy() -> Snapshot:
    return snapshot([healthy_service("api", 1), healthy_service("frontend", 2), healthy_service("worker", 4)])


def mixed() -> Snapshot:
    return snapshot([healthy_service(), at_risk_service(), overspent_service()])


def overspent() -> Snapshot:
    return snapshot([overspent_service()])


def no_data() -> Snapshot:
    problems = [Problem("no_series", "No series came for it.", "batch", key) for key in ("total", "latency_p99")]
    return snapshot([no_data_service()], problems)


def first_report() -> Snapshot:
    hours = hours_of(0.0015, seen_from=27 * 24)
    young = slo(
        hours=hours,
        status=Status.INSUFFICIENT,
        reason="Only 3.4 % of the window of 28d has data; under 90% it is not judged.",
    )
    return snapshot([service(slos=(young,))])


def some_failed() -> Snapshot:
    failure = "422 from Prometheus: query processing would load too many samples into memory"
    signals = golden(saturation=no_signal("ratio", f"The query failed: {failure}"))
    problems = [Problem("query_failed", failure, name, "saturation") for name in ("api", "frontend")]
    queries = (*QUERIES, query("saturation", purpose="peak", series=0, error=failure, warnings=("results truncated",)))
    return snapshot([service(signals=signals), healthy_service("frontend", 2)], problems, queries)


def no_traffic() -> Snapshot:
    idle = slo(hours=hours_of(0.0, busy=False), reason="No traffic in the whole window, so nothing was spent.")
    zero = {
        w: replace(s, values=tuple(0.0 for _ in s.values), peaks=None)
        for w, s in signal("per_second", 1).windows.items()
    }
    return snapshot([service(slos=(idle,), signals=golden(request_rate=SignalReport("per_second", 0.0, zero)))])


def low_traffic() -> Snapshot:
    """Twelve requests in four weeks, one of them bad."""
    none = (0.0,) * 670
    hours = Hours(FIRST_HOUR, (*none, 11.0), (*none, 12.0))
    reason = "12 events in 28d, not judged: so few allow not one bad event."
    few = slo(objective=0.999, hours=hours, status=Status.INSUFFICIENT, reason=reason)
    return snapshot([service("billing", slos=(replace(few, flags=("low_traffic",)),))])


WEIRD = ("<script>alert(1)</script>", "quo\"te's & more", "خدمة الدفع", "x" * 120, "a${b}{{ c }}", "日本語サービス")


def weird_names() -> Snapshot:
    services = [service(name, slug=f"s{index}", seed=index + 1) for index, name in enumerate(WEIRD)]
    problems = [Problem("query_failed", "<img src=x onerror=alert(1)>", WEIRD[0], "saturation")]
    queries = (query(promql='up{job="</code><script>alert(2)</script>"}', services=(WEIRD[0],)),)
    return snapshot(services, problems, queries, title='"><script>alert(3)</script>', default_service=WEIRD[0])


def many(count: int = 42) -> Snapshot:
    makers = (healthy_service, healthy_service, healthy_service, at_risk_service, overspent_service)
    return snapshot([makers[index % 5](f"service-{index:02}") for index in range(count)])


def to_date(report: SloReport) -> SloReport:
    """The same SLO over this month: 526 whole hours since 1 Nov, 00:00 in Berlin."""
    start = parse_time("2026-10-31T23:00:00Z")
    part = Hours(start, report.hours.good[-526:], report.hours.total[-526:])
    known = [(g, t) for g, t in zip(part.good, part.total, strict=True) if g is not None and t is not None]
    good, total = sum(g for g, _ in known), sum(t for _, t in known)
    rate = (1 - good / total) / (1 - report.objective)
    month = WindowReport(start, AT, good, total, good / total, rate, len(known) / len(part.good))
    elapsed = (AT - start) / (30 * DAY)
    left = 1 - rate
    resets = parse_time("2026-11-30T23:00:00Z")
    spent = statement_of(part, report.objective)
    return replace(
        report,
        window="month",
        windows={name: w for name, w in report.windows.items() if name != WINDOW} | {"month": month},
        budget=Budget(left, left * (1 - report.objective) * 30 * DAY, left * (1 - report.objective) * total),
        hours=part,
        calendar=CalendarReport("month", "Europe/Berlin", start, resets, elapsed, 1 - rate * elapsed),
        statement=replace(
            spent, episodes=tuple(replace(e, leaves_at=resets, remaining_after=1.0) for e in spent.episodes)
        ),
        forecast=Forecast(
            None,
            "3d",
            "lasts",
            horizon=resets,
            paces=(PaceForecast("6h", 0.4, None, None, 0.5), PaceForecast("3d", 0.3, None, None, 0.6)),
        ),
    )


def corrected_slo() -> SloReport:
    """A move of the database, five hours of errors, is left out."""
    raw = slo(hours=hours_of(0.0007, 3, episodes=((300, 5, 0.4),)))
    out = range(300, 305)
    hours = Hours(
        raw.hours.start,
        tuple(None if i in out else v for i, v in enumerate(raw.hours.good)),
        tuple(None if i in out else v for i, v in enumerate(raw.hours.total)),
    )
    start = FIRST_HOUR + 300 * HOUR
    applied = AppliedCorrection("Database move <b>big</b>", start, start + 5 * HOUR)
    return replace(
        slo(hours=hours, reason="The budget lasts at this pace."),
        uncorrected=Uncorrected(raw.windows[WINDOW], raw.budget, 5 * HOUR, (applied,), {WINDOW: raw.windows[WINDOW]}),
    )


def withheld_slo() -> SloReport:
    """Three errors at night: the pair exceeds its threshold, but says little."""
    report = slo(objective=0.999, hours=hours_of(0.0002, 9))
    why = "only 3 bad events in 1h; under 10 a pair says little"
    first = replace(
        report.alerts[0], long_burn_rate=13.442, short_burn_rate=40.0, firing=False, withheld=why, long_bad=3.0
    )
    windows = report.windows | {
        "1h": replace(report.windows["1h"], burn_rate=13.442),
        "5m": replace(report.windows["5m"], burn_rate=40.0),
    }
    paces = (
        PaceForecast("6h", 5.0, parse_time("2026-11-26T04:30:00Z"), None, -1.2),
        PaceForecast("3d", 1.5, parse_time("2026-12-09T12:30:00Z"), None, -0.1),
    )
    return replace(
        report,
        alerts=(first, *report.alerts[1:]),
        windows=windows,
        precision=Precision(669, 2, 2.1),
        forecast=Forecast(paces[0].exhausted_at, "6h", "exhausted", paces[1].exhausted_at, None, AT + 28 * DAY, paces),
    )


def sliced_slo() -> SloReport:
    """Minutes that were good."""
    found = slo("minutes", 0.995, hours_of(0.002, 8), basis="slices")
    return replace(found, slice_seconds=60, slice_target=0.95, budget=replace(found.budget, remaining_events=None))


def evaluated() -> Snapshot:
    """Kinds, windows, corrections, withheld alerts, statements, policies, groups: all in one report."""
    own = Policy("Feature freeze <until> the budget is back.", "https://wiki.example/policy?a=1&b=2", "config")
    monthly = replace(to_date(slo(hours=hours_of(0.002, 4, episodes=((400, 6, 0.05),)))), name="availability-month")
    timed = slo("uptime", 0.99, hours_of(0.002, 6), basis="time")
    services = [
        replace(service("api", slos=(corrected_slo(), monthly)), weight=2.0),
        service("web", slos=(withheld_slo(), sliced_slo(), timed), seed=3),
        replace(overspent_service(), policy=own),
        replace(no_data_service(), policy=None),
    ]
    report = snapshot(services)
    pooled = group_of("backend", services[2:], "pooled")
    return replace(report, groups=(group_of("shop", services[:2]), pooled))


def recovered() -> Snapshot:
    """The worker was out of budget in the report before; its last episode has left the window."""
    report = snapshot([healthy_service(), replace(healthy_service("worker", 4), name="worker")])
    left = report.services[1].slos[0].budget.remaining_ratio
    change = SloChange("worker", "availability", Status.EXHAUSTED, Status.HEALTHY, -0.12, left)
    return replace(report, changes=Changes(parse_time("2026-11-22T21:25:00Z"), (change,)))


def five_hundred() -> Snapshot:
    """Three of them are not well. Their numbers are those of three services, so that it is made at once."""
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
    "no_data": no_data,
    "first_report": first_report,
    "some_failed": some_failed,
    "no_traffic": no_traffic,
    "low_traffic": low_traffic,
    "weird_names": weird_names,
    "one_service": snapshot,
    "no_service": lambda: snapshot([]),
    "many": many,
}


def window_seconds(name: str) -> float:
    return parse_duration(name)
