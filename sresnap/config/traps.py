"""Reads the traps that a preset names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sresnap.config.expected import nearest
from sresnap.config.shapes.presets import TrapShape
from sresnap.config.source import KeyPath, Source
from sresnap.errors import Mistake
from sresnap.model.signals import SIGNALS
from sresnap.model.trap import Trap

_SELECTOR = 'a selector that names a metric, such as istio_requests_total{reporter="source"}; it has no parameters'


def read_traps(
    shapes: Sequence[TrapShape], source: Source, parameters: Collection[str], is_set: Collection[str]
) -> tuple[tuple[Trap, ...], tuple[Mistake, ...]]:
    """The traps of a preset, and their mistakes.

    Args:
        shapes: as the preset's file has them.
        source: the file.
        parameters: of the preset.
        is_set: which of them a configuration sets. Who sets one knows the trap that it minds.
    """
    mistakes = [
        mistake for at, shape in enumerate(shapes) for mistake in _mistakes(shape, source, ("traps", at), parameters)
    ]
    unminded = [shape for shape in shapes if shape.parameter not in is_set]
    traps = tuple(Trap(one.text, one.present, one.absent, one.several, tuple(one.queries)) for one in unminded)
    return () if mistakes else traps, tuple(mistakes)


def _mistakes(shape: TrapShape, source: Source, path: KeyPath, parameters: Collection[str]) -> Iterator[Mistake]:
    if shape.parameter is not None and shape.parameter not in parameters:
        expected = f"a parameter of the preset: {', '.join(parameters) or 'it has none'}"
        found, near = f'"{shape.parameter}"', nearest(shape.parameter, tuple(parameters))
        yield source.mistake((*path, "parameter"), expected, found, near)
    for key, text in (("present", shape.present), ("absent", shape.absent)):
        if text is not None and not _is_selector(text):
            yield source.mistake((*path, key), _SELECTOR, f'"{text}"')
    for place, key in enumerate(shape.queries):
        if key not in SIGNALS:
            expected = f"a query: {', '.join(SIGNALS)}"
            yield source.mistake((*path, "queries", place), expected, f'"{key}"', nearest(key, tuple(SIGNALS)))


def _is_selector(text: str) -> bool:
    from sresnap.promql.parser import NotPromqlError  # the parser is loaded only where it is needed
    from sresnap.promql.reader import read
    from sresnap.promql.regexes import objection
    from sresnap.promql.selectors import is_named
    from sresnap.promql.tree import Selector

    try:
        found = read(text)
    except NotPromqlError:
        return False
    if not isinstance(found, Selector) or not is_named(found) or found.moved:
        return False
    return not any(objection(one.value) for one in found.matchers if one.operator in ("=~", "!~"))
