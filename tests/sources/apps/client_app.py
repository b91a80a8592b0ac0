"""An application with prometheus_client, as its README has it: PORT METRICS_PORT."""

import sys

from answers import answer
from prometheus_client import Counter, Histogram, start_http_server
from waitress import serve

REQUESTS = Counter("http_requests", "Requests.", ["service", "code"])
SECONDS = Histogram("http_request_duration_seconds", "Latency.", ["service"])


def app(environ, start_response):
    """Count and time each request."""
    with SECONDS.labels("shop").time():
        status = answer(environ["PATH_INFO"])
    REQUESTS.labels("shop", str(status)).inc()
    start_response(f"{status} -", [("Content-Type", "text/plain")])
    return [b"ok"]


start_http_server(int(sys.argv[2]), "127.0.0.1")
serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=16, _quiet=True)
