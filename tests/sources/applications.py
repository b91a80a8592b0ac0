"""Applications in Python: each counts its requests with its framework's exporter."""

from __future__ import annotations

import json
import subprocess

from tests.sources.load import Sent
from tests.sources.programs import APPS, VENV, Room, free_port, program
from tests.sources.source import Service, Source, http, job


def client(room: Room) -> Source:
    """An application that counts with prometheus_client, under the names of the preset http."""
    return _with_a_port_for_metrics(room, "client_app", {"name": "shop", "provider": "http"})


def django(room: Room) -> Source:
    """Django with django-prometheus."""
    return _with_own_metrics(room, "django")


def flask(room: Room) -> Source:
    """Flask with prometheus_flask_exporter."""
    return _with_own_metrics(room, "flask")


def fastapi(room: Room) -> Source:
    """FastAPI with prometheus-fastapi-instrumentator."""
    return _with_own_metrics(room, "fastapi", threshold=0.5)


def otel_http(room: Room) -> Source:
    """OpenTelemetry's SDK, WSGI instrumentation and Prometheus exporter, with stable names."""
    settings = {"name": "otel-http", "provider": "otel-http"}
    return _with_a_port_for_metrics(room, "otel_app", settings, OTEL_SEMCONV_STABILITY_OPT_IN="http")


def otel_http_old(room: Room) -> Source:
    """The same with the old names, in milliseconds."""
    settings = {"name": "otel-http-old", "provider": "otel-http-old"}
    return _with_a_port_for_metrics(room, "otel_app", settings, OTEL_SEMCONV_STABILITY_OPT_IN="")


def celery(room: Room) -> Source:
    """A Celery worker with events (`-E`), Redis as its broker, and celery-exporter."""
    broker, metrics = free_port(), free_port()
    room.run("broker", [program("redis-server"), "--port", str(broker), "--save", ""], broker)
    url = f"redis://127.0.0.1:{broker}/0"
    exporter = [str(VENV / "bin/python"), str(VENV / "celery-exporter/cli.py"), "--broker-url", url]
    room.run("celery-exporter", [*exporter, "--host", "127.0.0.1", "--port", str(metrics)], metrics)
    worker = [
        str(VENV / "bin/celery"),
        "-A",
        "celery_app",
        "worker",
        "-E",
        "-P",
        "threads",
        "-c",
        "12",
        "-l",
        "WARNING",
    ]
    environment = {"BROKER": url, "PYTHONPATH": str(APPS)}
    # A worker has no port of its own: its broker's is there already.
    room.run("celery-worker", worker, broker, environment=environment)

    def send(paths: list[str], threshold: float) -> Sent:
        command = [str(VENV / "bin/python"), str(APPS / "celery_load.py"), str(threshold)]
        done = subprocess.run(
            command, input=json.dumps(paths), capture_output=True, text=True, env=environment, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return Sent(**json.loads(done.stdout))

    settings = {"name": "celery", "provider": "celery", "labels": {"name": "shop.order"}}
    kinds = ("/ok", "/bad", "/slow")
    load = ("/ok",) * 100 + ("/bad",) * 12 + ("/slow",) * 8
    # The exporter asks the workers at each scrape, and waits a second for their answers.
    scrapes = job("celery", metrics, scrape_interval="3s", scrape_timeout="3s")
    return Source((scrapes,), (Service(settings, 0.25, send, kinds, load, failed_are_good=False),))


def _with_own_metrics(room: Room, preset: str, threshold: float = 0.25) -> Source:
    """An application that answers scrapes itself, as any other request: no scrape may count."""
    port = free_port()
    room.app(f"{preset}_app", port=port)
    return Source((job(preset, port),), (http({"name": preset, "provider": preset}, port, threshold),))


def _with_a_port_for_metrics(room: Room, app: str, settings: dict[str, object], **environment: str) -> Source:
    port, metrics = free_port(), free_port()
    room.app(app, str(metrics), port=port, environment=environment)
    return Source((job(str(settings["name"]), metrics),), (http(settings, port),))
