"""The only code that talks to Prometheus: a client, a decoder of its answers, and the fetching of many queries."""

from sresnap.prometheus.client import PrometheusClient, ServerInfo
from sresnap.prometheus.errors import QueryError
from sresnap.prometheus.fetching import fetch

__all__ = ["PrometheusClient", "QueryError", "ServerInfo", "fetch"]
