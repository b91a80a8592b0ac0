"""Reads the SLO files of other tools: OpenSLO v1, Sloth, Pyrra."""

from sresnap.importers.read import imported
from sresnap.importers.write import config_yaml

__all__ = ["config_yaml", "imported"]
