"""An application with OpenTelemetry's SDK, WSGI instrumentation and Prometheus exporter: PORT METRICS_PORT."""

import sys

from answers import answer
from opentelemetry import metrics
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.instrumentation.wsgi import OpenTelemetryMiddleware
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import start_http_server
from waitress import serve


def app(environ, start_response):
    """Each path of the load."""
    status = answer(environ["PATH_INFO"])
    start_response(f"{status} -", [("Content-Type", "text/plain")])
    return [b"ok"]


metrics.set_meter_provider(MeterProvider([PrometheusMetricReader()]))
start_http_server(int(sys.argv[2]), "127.0.0.1")
serve(OpenTelemetryMiddleware(app), host="127.0.0.1", port=int(sys.argv[1]), threads=16, _quiet=True)
