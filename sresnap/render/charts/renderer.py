"""Draws specs as SVG or PNG, each spec once.

Only `shapes` and `png` call matplotlib, never through pyplot, which keeps global state.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from sresnap.render.charts.labels import labels_svg
from sresnap.render.charts.png import paint
from sresnap.render.charts.shapes import shapes_svg
from sresnap.render.charts.spec import ChartSpec
from sresnap.render.charts.svg import Drawing


@dataclass(slots=True)
class ChartRenderer:
    """Draws charts. It keeps its drawings, because a chart is on several pages of a build.

    matplotlib is set up when the first chart is drawn, and its settings are restored by `close`.
    """

    _drawings: dict[ChartSpec, Drawing] = field(default_factory=dict)
    _settings: ExitStack = field(default_factory=ExitStack)
    _is_ready: bool = False

    def svg(self, spec: ChartSpec) -> Drawing:
        """Grid, data and labels as SVG."""
        if spec not in self._drawings:
            self._set_up()
            self._drawings[spec] = Drawing(shapes_svg(spec), Markup("").join(labels_svg(spec)))
        return self._drawings[spec]

    def png(self, spec: ChartSpec, title: str, palette: Mapping[str, str]) -> bytes:
        """A PNG file, see `png.paint`."""
        self._set_up()
        return paint(spec, title, palette)

    def close(self) -> None:
        """Restore matplotlib's settings."""
        self._settings.close()
        self._is_ready = False

    def _set_up(self) -> None:
        """The settings that give the same bytes everywhere, even with a matplotlibrc of the user's."""
        if self._is_ready:
            return
        self._settings.enter_context(_silent())
        with _own_environment():
            import matplotlib as mpl

        self._settings.enter_context(mpl.rc_context())
        mpl.rcdefaults()
        mpl.rcParams.update({"font.size": 12})
        self._is_ready = True


@contextmanager
def _silent() -> Iterator[None]:
    """Keep matplotlib from warning about its cache, as in a HOME that cannot be written: cron would mail each run."""
    logger = logging.getLogger("matplotlib")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


_FOLDERS = ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")
"""Variables with the folders in which matplotlib keeps its cache."""


@contextmanager
def _own_environment() -> Iterator[None]:
    """Hide the user's settings of matplotlib while it is imported: they may be wrong, or no file of settings at all.

    They have no effect anyway. It takes `matplotlibrc` of the working directory before the file of MATPLOTLIBRC, and a
    window system from MPLBACKEND, which may not exist here.
    """
    before = dict(os.environ)
    with ExitStack() as stack:
        stack.callback(_restore, before)
        if os.path.lexists("matplotlibrc"):
            os.environ.update({name: str(Path(before[name]).resolve()) for name in _FOLDERS if before.get(name)})
            here = os.open(".", os.O_RDONLY)
            stack.callback(os.close, here)
            stack.callback(os.fchdir, here)
            os.chdir(Path(__file__).parent)
        os.environ.pop("MPLBACKEND", None)
        os.environ["MATPLOTLIBRC"] = os.devnull
        yield


def _restore(environment: Mapping[str, str]) -> None:
    for name in ("MPLBACKEND", "MATPLOTLIBRC", *_FOLDERS):
        if name in environment:
            os.environ[name] = environment[name]
        else:
            os.environ.pop(name, None)
