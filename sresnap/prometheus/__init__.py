"""The only code that talks to Prometheus: the client, the decoder of its answers, and fetching."""

from sresnap.prometheus.client import PrometheusClient, ServerInfo
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.fetching import fetch

__all__ = ["PrometheusClient", "QueryError", "ServerInfo", "fetch"]
