"""Prometheus rules for the SLOs of a configuration: what `sresnap rules` writes and the preset `recorded` reads."""

from sresnap.rules.document import rules_yaml

__all__ = ["rules_yaml"]
