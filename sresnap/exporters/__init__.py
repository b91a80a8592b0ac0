"""Writes the SLOs of a configuration in the formats of other tools, so that nobody is locked in."""

from collections.abc import Callable, Mapping

from sresnap.config.settings import Config
from sresnap.exporters.openslo import MARK, Exported, openslo_yaml

FORMATS: Mapping[str, Callable[[Config], Exported]] = {"openslo": openslo_yaml}
"""By the name that `sresnap export --format` knows."""

__all__ = ["FORMATS", "MARK", "Exported"]
