"""Finds and reads provider presets, and turns queries into templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from string import Formatter

from sresnap.config.expected import nearest
from sresnap.config.parameters import IDENTITY, Given, filled
from sresnap.config.preset_path import PresetFolder, at_path, own_names, own_preset
from sresnap.config.shapes.presets import PresetShape
from sresnap.config.shapes.services import FormShape, QueryShape
from sresnap.config.source import KeyPath, Source, read
from sresnap.config.traps import read_traps
from sresnap.config.validation import validate
from sresnap.errors import Mistake
from sresnap.file_errors import why
from sresnap.model.query import LatencyUnit, QueryTemplate
from sresnap.model.signals import SIGNALS, SLI_KEYS
from sresnap.model.trap import Trap
from sresnap.model.windows import format_duration
from sresnap.promql.names import labels_text
from sresnap.promql.parameters import Kind
from sresnap.resources import bundled

CUSTOM = "custom"
"""The provider's name when all queries are the user's own."""
_TEXTS = ("promql", "rules", "once", "least", "most")
"""Of a form."""
_PART = "sresnap_part"
"""The label by which metrics that are added up differ."""
_LATENCIES = ("latency_good", "latency_p99")
"""Queries that have a unit: of {threshold}, and of the answer."""
_TABLES = {"burn-windows", "error-values", "forms", "leaks", "policy", "review"}


@dataclass(frozen=True, slots=True)
class LocatedTemplate:
    """A template with its file and key."""

    template: QueryTemplate
    source: Source
    path: KeyPath


@dataclass(frozen=True, slots=True)
class Forms:
    """A preset's forms of queries."""

    shapes: Mapping[str, FormShape] = field(default_factory=dict)
    """By name."""
    replica_labels: tuple[str, ...] = ()
    """Labels in which copies of one counter differ: {replicas}."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset. `custom` has no queries of its own."""

    latency_unit: LatencyUnit = LatencyUnit.SECONDS
    forms: Forms = field(default_factory=Forms)
    queries: Mapping[str, LocatedTemplate] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    """The labels that its parameter `identity` names; empty where it has none."""
    traps: tuple[Trap, ...] = ()
    unit_is_open: bool = False
    """Whether the unit of its latencies is a parameter that no file sets: then the file's `latency_unit` is nearer."""
    known: bool = True
    """False when the provider is a mistake, so that missing queries are not reported."""


@cache
def preset_names() -> tuple[str, ...]:
    """The values of `provider` besides a path."""
    return tuple(sorted({file.stem for file in bundled("presets").glob("*.yaml")} - _TABLES | {CUSTOM}))


@dataclass(frozen=True, slots=True)
class PresetRequest:
    """The preset that a part of a file names."""

    provider: str
    given: tuple[Given, ...]
    """Its parameters."""
    replica_labels: tuple[str, ...]
    folders: tuple[PresetFolder, ...] = ()
    """Where presets of the user's own are found by name."""


def load_preset(
    request: PresetRequest, source: Source, folder: Path, path: KeyPath = ("provider",)
) -> tuple[Preset, tuple[Mistake, ...]]:
    """The preset that a configuration names, and its mistakes.

    Args:
        request: its name and parameters.
        source: the configuration.
        folder: the configuration's, where relative paths begin.
        path: the key that names the preset.
    """
    names, provider, asked = preset_names(), request.provider, (source, path)
    if provider == CUSTOM:
        nothing = filled(provider, Source(provider), request.given, asked)
        return Preset(forms=Forms(_shipped_forms(), request.replica_labels)), nothing.mistakes
    is_path = "/" in provider or provider.endswith((".yaml", ".yml"))
    try:
        own = at_path(provider, folder) if is_path else own_preset(provider, request.folders)
    except OSError as error:
        found = f"{provider}: {why(error)}"
        return Preset(known=False), (source.mistake(path, "a preset's file to read", found),)
    if own is not None:
        return _read(own.shown, own.source, request, asked, line_in_origin=True)
    if provider in names:
        if not request.given and (preset := _with_defaults(provider, request.replica_labels)) is not None:
            return preset, ()
        return _read(f"presets/{provider}.yaml", shipped(provider), request, asked, line_in_origin=False)
    expected = "a preset (`sresnap presets list` shows them), custom, or a path to a .yaml file"
    known = (*own_names(request.folders), *names)
    return Preset(known=False), (source.mistake(path, expected, f'"{provider}"', nearest(provider, known)),)


@cache
def _shipped_forms() -> Mapping[str, FormShape]:
    """The forms that every provider has."""
    return _forms(
        validate(PresetShape, read("presets/forms.yaml", bundled("presets").joinpath("forms.yaml").read_bytes())).shape
    )


def _forms(shape: PresetShape) -> dict[str, FormShape]:
    given = shape.forms or {}
    return {name: FormShape(promql=form) if isinstance(form, str) else form for name, form in given.items()}


@cache
def shipped(provider: str) -> Source:
    """The file of a shipped preset, read once per process."""
    return read(f"presets/{provider}.yaml", shipped_text(provider))


def shipped_text(provider: str) -> bytes:
    """The file of a shipped preset as it is written."""
    return bundled("presets").joinpath(f"{provider}.yaml").read_bytes()


@cache
def _with_defaults(provider: str, replica_labels: tuple[str, ...]) -> Preset | None:
    """A shipped preset with the defaults of its parameters; None where one of them has none."""
    file, request = shipped(provider), PresetRequest(provider, (), replica_labels)
    preset, mistakes = _read(f"presets/{provider}.yaml", file, request, (file, ()), line_in_origin=False)
    return None if mistakes else preset


def _read(
    name: str, file: Source, request: PresetRequest, asked: tuple[Source, KeyPath], *, line_in_origin: bool
) -> tuple[Preset, tuple[Mistake, ...]]:
    parameters = filled(name if line_in_origin else request.provider, file, request.given, asked)
    source = parameters.source
    validated = validate(PresetShape, source)
    forms = Forms({**_shipped_forms(), **_forms(validated.shape)}, request.replica_labels)
    queries, mistakes = templates(validated.shape.queries or {}, forms, source, line_in_origin=line_in_origin)
    is_set = {name for one in request.given for name in one.values}
    traps, of_traps = read_traps(validated.shape.traps or (), source, parameters.values.keys(), is_set)
    known = not validated.mistakes and not parameters.mistakes
    identity = parameters.values.get(IDENTITY)
    labels = identity.texts if identity is not None and identity.kind is Kind.LABELS else ()
    units = {name for name, value in parameters.values.items() if value.kind is Kind.UNIT}
    preset = Preset(
        LatencyUnit(validated.shape.latency_unit),
        forms,
        queries,
        labels,
        traps,
        unit_is_open=bool(units) and not units & is_set,
        known=known,
    )
    return preset, (*parameters.mistakes, *validated.mistakes, *mistakes, *of_traps)


def templates(
    queries: Mapping[str, str | QueryShape | None],
    forms: Forms,
    source: Source,
    *,
    line_in_origin: bool,
    path: KeyPath = ("queries",),
) -> tuple[dict[str, LocatedTemplate], list[Mistake]]:
    """The queries of a file as templates, without the ones that are switched off, and their mistakes."""
    result: dict[str, LocatedTemplate] = {}
    mistakes: list[Mistake] = []
    for key, query in queries.items():
        place = (*path, key)
        known = SLI_KEYS if "slos" in path else SIGNALS
        if key not in known:
            expected = f"a query that {'a panel shows' if known is SIGNALS else 'an SLI uses'}: {', '.join(known)}"
            mistakes.append(source.mistake(place, expected, f'the unknown key "{key}"', nearest(key, known)))
            continue
        if query is None:
            continue
        shape = QueryShape(promql=query) if isinstance(query, str) else query
        if shape.unit is not None and key not in _LATENCIES:
            expected = f"a unit only of {' and '.join(_LATENCIES)}: no other query has latencies"
            mistakes.append(source.mistake((*place, "unit"), expected, f"one of {key}", "remove it"))
            continue
        origin = f"{source.name}:{source.line(place)}" if line_in_origin else source.name
        if shape.form is None:
            template: QueryTemplate | Mistake = _plain(
                QueryTemplate(key, shape.promql or "", shape.by, origin, unit=_unit(shape))
            )
        else:
            template = _formed(key, shape, forms, source, place, origin)
        if isinstance(template, Mistake):
            mistakes.append(template)
        else:
            result[key] = LocatedTemplate(template, source, place)
    return result, mistakes


def _plain(template: QueryTemplate) -> QueryTemplate:
    """A query as written; a count of all events without the filter that hides hours without traffic."""
    if template.key != "total" or not ("> 0" in template.promql or ">0" in template.promql or "!=" in template.promql):
        return template
    from sresnap.promql.filters import without_filter  # the parser is loaded only where it is needed

    stripped = without_filter(template.promql)
    return template if stripped is None else replace(template, promql=stripped, written=template.promql)


def _formed(
    key: str, shape: QueryShape, forms: Forms, source: Source, path: KeyPath, origin: str
) -> QueryTemplate | Mistake:
    """A query by its form, with {selector}, {by} and {replicas} filled in; other placeholders stay.

    Without `by` all is one sum.
    """
    name = shape.form or ""
    form = forms.shapes.get(name)
    if form is None:
        expected = f"a form: {', '.join(forms.shapes)}"
        return source.mistake((*path, "form"), expected, f'"{name}"', nearest(name, forms.shapes))
    selectors, siblings = shape.selector or (), shape.siblings or shape.selector or ()
    if len(selectors) > 1 and not form.adds_up:
        expected = f"one selector: the values of the form {name} do not add up"
        return source.mistake((*path, "selector"), expected, f"{len(selectors)} selectors")
    by = labels_text(shape.by)
    known: dict[str, str | None] = {
        "siblings": " or ".join(siblings),
        "by": by,
        "replicas": ", ".join(forms.replica_labels),
    }
    known["period"] = None if shape.period is None else format_duration(int(shape.period))
    known["period_seconds"] = None if shape.period is None else str(int(shape.period))
    written = {name: text for name in _TEXTS if (text := getattr(form, name)) is not None}
    if shape.period is not None and not any("{period" in text for text in written.values()):
        expected = f"no `period`: the form {name} has none"
        return source.mistake((*path, "period"), expected, known["period"] or "", "remove it, or use the form summed")
    try:
        texts = {
            name: _added_up([_filled(text, {**known, "selector": selector}) for selector in selectors], by)
            for name, text in written.items()
        }
    except KeyError as error:
        needed = "period" if error.args[0] == "period_seconds" else error.args[0]
        return source.mistake(path, f"`{needed}`, which the form {name} needs", "no such key")
    except ValueError as error:
        return source.mistake((*path, "form"), "a form with balanced braces", str(error).lower())
    around = shape.siblings or ()
    return QueryTemplate(
        key,
        by=shape.by,
        origin=origin,
        raw=" or ".join(selectors),
        around=" or ".join(around) or None,
        parts=selectors if len(selectors) > 1 else (),
        around_parts=around if len(around) > 1 else (),
        replica_labels=forms.replica_labels,
        unit=_unit(shape),
        **texts,
    )


def _added_up(texts: Sequence[str], by: str) -> str:
    """The sum of queries that each have one series for each group, or none.

    `or` takes series of equal labels once, so each is marked with its place. A metric that does not exist adds nothing,
    and the sum has no series only where none of them exists.
    """
    if len(texts) == 1:
        return texts[0]
    marked = (f'label_replace({text}, "{_PART}", "{place}", "", "")' for place, text in enumerate(texts, 1))
    return f"sum by ({by}) ({' or '.join(marked)})"


def _unit(shape: QueryShape) -> LatencyUnit | None:
    return None if shape.unit is None else LatencyUnit(shape.unit)


def _filled(form: str, known: Mapping[str, str | None]) -> str:
    """A form's text with the values that are known.

    Raises:
        KeyError: a value that the form needs is not given.
        ValueError: its braces are not balanced.
    """
    parts: list[str] = []
    for literal, name, _, _ in Formatter().parse(form):
        parts.append(literal.replace("{", "{{").replace("}", "}}"))
        if name is None:
            continue
        value = known.get(name, f"{{{name}}}")
        if value is None:
            raise KeyError(name)
        parts.append(value)
    return "".join(parts)
