"""Makes Prometheus rules from a configuration. `sresnap rules` writes them, and the preset `recorded` reads them."""

from sresnap.rules.document import rules_yaml

__all__ = ["rules_yaml"]
