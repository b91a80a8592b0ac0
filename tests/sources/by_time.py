"""Servers and exporters that are judged by time. Each goes down and comes back once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.sources.programs import Room, Running, free_port, program
from tests.sources.source import Outage, Service, Source, job

_NGINX = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.errors;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{ stub_status; }} }}
}}
"""
_POSTGRES_BIN = next(map(str, Path("/usr/lib/postgresql").glob("*/bin")), "")


def nginx(room: Room) -> Source:
    """Nginx with stub_status, and nginx-prometheus-exporter."""
    port, metrics = free_port(), free_port()
    config = room.write("nginx.conf", _NGINX.format(folder=room.folder, port=port))
    server = room.run("nginx", [program("nginx"), "-e", str(room.folder / "nginx.errors"), "-c", config], port)
    room.run(
        "nginx-exporter",
        [
            program("prometheus-nginx-exporter"),
            f"-nginx.scrape-uri=http://127.0.0.1:{port}/",
            f"-web.listen-address=127.0.0.1:{metrics}",
        ],
        metrics,
    )
    return _source("nginx", metrics, server, request_rate=(0.1, 10))


def redis(room: Room) -> Source:
    """Redis, and redis_exporter."""
    port, metrics = free_port(), free_port()
    server = room.run(
        "redis", [program("redis-server"), "--port", str(port), "--save", "", "--maxmemory", "100mb"], port
    )
    exporter = [program("prometheus-redis-exporter"), f"-redis.addr=redis://127.0.0.1:{port}"]
    room.run("redis-exporter", [*exporter, f"-web.listen-address=127.0.0.1:{metrics}"], metrics)
    return _source("redis", metrics, server, request_rate=(0.1, 100), saturation=(0.001, 0.5))


def postgres(room: Room) -> Source:
    """PostgreSQL, and postgres_exporter. It refuses to run as root. SIGINT ends it at once."""
    port, metrics = free_port(), free_port()
    data = room.folder / "postgres"
    user = "postgres" if os.geteuid() == 0 else None
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    initdb = [program("initdb", _POSTGRES_BIN), "-D", str(data), "-A", "trust", "-U", "postgres", "--no-sync"]
    done = subprocess.run(initdb, capture_output=True, text=True, user=user, check=False, cwd=data)
    assert done.returncode == 0, done.stderr
    command = [
        program("postgres", _POSTGRES_BIN),
        "-D",
        str(data),
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        str(data),
        "-F",
    ]
    server = room.run("postgres-server", command, port, user=user, stop_signal=signal.SIGINT)
    exporter = [program("prometheus-postgres-exporter"), f"--web.listen-address=127.0.0.1:{metrics}"]
    address = f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
    room.run("postgres-exporter", exporter, metrics, environment={"DATA_SOURCE_NAME": address})
    return _source(
        "postgres",
        metrics,
        server,
        request_rate=(0.1, 100),
        error_rate=(0, 0.5),
        saturation=(0.001, 0.5),
    )


def node(room: Room) -> Source:
    """node_exporter, which is down itself: nothing else says that a host is."""
    port = free_port()
    running = room.run("node", [program("prometheus-node-exporter"), f"--web.listen-address=127.0.0.1:{port}"], port)
    return _source("node", port, running, vps_cpu=(0, 1), vps_memory=(0.01, 1), vps_disk=(0.001, 1))


def blackbox(room: Room) -> Source:
    """blackbox_exporter, with the usual relabelling. Its target answers 503 for a while."""
    port, behind = free_port(), room.backend
    config = room.write("blackbox.yml", "modules: {http_2xx: {prober: http, http: {preferred_ip_protocol: ip4}}}\n")
    command = [
        program("prometheus-blackbox-exporter"),
        f"--config.file={config}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    room.run("blackbox", command, port)
    target = f"http://{behind.address}/switch"
    probes = {
        "job_name": "blackbox",
        "metrics_path": "/probe",
        "params": {"module": ["http_2xx"]},
        "static_configs": [{"targets": [target]}],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": f"127.0.0.1:{port}"},
        ],
    }

    def switch(*, on: bool) -> Callable[[], None]:
        return lambda: setattr(behind, "is_on", on)

    service = Service({"name": "blackbox", "provider": "blackbox", "labels": {"instance": target}}, None)
    return Source((probes,), (service,), Outage(switch(on=False), switch(on=True), {"latency_p99": (0.0001, 1)}))


def _source(name: str, port: int, server: Running, **signals: tuple[float, float]) -> Source:
    service = Service({"name": name, "provider": name, "labels": {"instance": f"127.0.0.1:{port}"}}, None)
    return Source((job(name, port),), (service,), Outage(server.stop, server.start, signals))
