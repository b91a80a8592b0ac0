"""Reading the SLO files of other tools: OpenSLO v1, Sloth, Pyrra."""

from sresnap.imports.read import imported
from sresnap.imports.write import config_yaml

__all__ = ["config_yaml", "imported"]
