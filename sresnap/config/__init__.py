"""The configuration: sresnap.yaml or the seed's sre.yaml, presets and the environment."""

from sresnap.config.burn import burn_pairs
from sresnap.config.error_values import looks_like_error
from sresnap.config.expected import choices, nearest
from sresnap.config.load import config_schema, find, load, loads, prometheus_of
from sresnap.config.policy import default_policy
from sresnap.config.settings import Config, PrometheusSettings

__all__ = [
    "Config",
    "PrometheusSettings",
    "burn_pairs",
    "choices",
    "config_schema",
    "default_policy",
    "find",
    "load",
    "loads",
    "looks_like_error",
    "nearest",
    "prometheus_of",
]
