"""What a user should know of a source: names that are not there, switched-off buckets, traps. Plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.discovery.existence import Labels, Survey
from sresnap.printable import quotable
from sresnap.promql.uses import Use

_LONGEST = 100
_MOST_SHOWN = 12
_BUCKET = "_bucket"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something about a source that a query may need to know."""

    kind: str
    """`metric`, `label`, `excludes nothing`, `switched off`, `exported`, `histograms`, …; docs/data.md lists them."""
    of: str
    """The metric or the label that it is about."""
    text: str
    names: tuple[str, ...] = ()
    """Metrics or labels that look like what is missing."""
    presets: tuple[str, ...] = ()
    """Presets whose metrics are there."""


OfPreset = Callable[[Sequence[str]], tuple[str, ...]]
"""The presets that count by one of some metrics."""


def hints_of(use: Use, survey: Survey, of_preset: OfPreset) -> Iterator[Hint]:
    """What a survey says of one metric."""
    base = use.metric.removesuffix(_BUCKET)
    if use.metric in survey.present and base != use.metric and base in survey.native:
        text = (
            f"{base} is here as a native histogram, too. What is read are the buckets ({use.metric}), whose counts are "
            f"exact at their boundaries; the forms native_total and native read the other one, for any threshold"
        )
        yield Hint("histograms", use.metric, text, (base,))
    if use.metric in survey.labels:
        yield from _of_labels(use, survey.labels[use.metric])
    elif use.metric not in survey.present and not use.metric.startswith("{"):
        yield _missing(use.metric, survey, of_preset)


def _missing(metric: str, survey: Survey, of_preset: OfPreset) -> Hint:
    """A metric that is not there; where the rest of its histogram is, its buckets are switched off."""
    base = metric.removesuffix(_BUCKET)
    if metric.endswith(_BUCKET) and f"{base}_count" in survey.present:
        text = (
            f"{base} is there without its buckets ({metric}), so latency cannot be judged: switch them on where it is "
            f"exported"
        )
        return Hint("switched off", metric, text)
    if metric.endswith(_BUCKET) and base in survey.native:
        text = (
            f"{metric} is not here, because {base} is a native histogram: in `queries`, read it by the form native "
            f"(latency_good) and native_total (total), or have the scrape keep the buckets, too "
            f"(always_scrape_classic_histograms)"
        )
        return Hint("switched off", metric, text, (base,))
    if metric.endswith(_BUCKET) and base in survey.present:
        text = (
            f"{metric} is not here, and {base} is: a summary, a gauge, or a native histogram of an engine that does "
            f"not say so. For a native histogram use the forms native_total and native; of the others, latency cannot "
            f"be judged"
        )
        return Hint("switched off", metric, text, (base,))
    found = survey.alike.get(metric, ())
    looks = f"; {'this looks' if len(found) == 1 else 'these look'} like it: {_listed(found)}" if found else ""
    presets = of_preset(found)
    fits = f"; the preset {' or '.join(presets[:3])} would fit" if presets else ""
    return Hint("metric", metric, f"{metric} is not here{looks}{fits}", found, presets)


def _of_labels(use: Use, labels: Labels) -> Iterator[Hint]:
    for label in labels.missing:
        near = labels.alike.get(label, ())
        looks = f"; {'this looks' if len(near) == 1 else 'these look'} like it: {_listed(near)}" if near else ""
        others = [one for one in labels.known if one not in (*labels.missing, *near)]
        has = f"; other labels, some perhaps of earlier series: {_listed(others)}" if others else ""
        lack = f"no series of {use.metric} has the label {label}"
        if label in use.left_out:
            yield Hint("excludes nothing", label, f"{lack}, so a query leaves nothing out by it{looks}{has}", near)
        else:
            yield Hint("label", label, f"{lack}{looks}{has}", near)
    for label in labels.exported:
        text = (
            f"{use.metric} has exported_{label} beside {label}: {label} is the scrape's, exported_{label} the "
            f"application's own. If that names your services, use it (with a preset: `parameters: {{identity: …}}`), "
            f"or set honor_labels: true for that scrape job"
        )
        yield Hint("exported", label, text, (f"exported_{label}",))


def _listed(names: Sequence[str]) -> str:
    return fmt.some([quotable(name, _LONGEST) for name in names], _MOST_SHOWN)
