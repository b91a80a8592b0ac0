"""Reads the SLO files of other tools: OpenSLO, Sloth, Pyrra, Grafana, and the rules made from them."""

from sresnap.importers.read import read_files
from sresnap.importers.write import config_yaml

__all__ = ["config_yaml", "read_files"]
