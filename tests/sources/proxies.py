"""Traefik, Caddy and HAProxy, each with the backend behind it and with a service that has nothing behind it."""

from __future__ import annotations

from tests.sources.programs import Room, free_port, program
from tests.sources.source import Service, Source, http, job, sends_to

DEAD = ("/dead",) * 20
"""To a service without a server: the proxy's own errors."""

_TRAEFIK = """\
http:
  routers:
    dead: {{rule: "Path(`/dead`)", service: traefik-dead}}
    shop: {{rule: "PathPrefix(`/`)", service: traefik-shop, priority: 1}}
  services:
    traefik-dead: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:1"}}]}}}}
    traefik-shop:
      loadBalancer:
        servers: [{{url: "http://{backend}"}}]
        healthCheck: {{path: /ok, interval: 1s}}
"""
_TRAEFIK_ALONE: dict[str, object] = {
    "provider": "traefik",
    "queries": dict.fromkeys(("saturation", "cap_container_cpu", "cap_container_mem")),
}
"""Without dockerstats."""
_CADDY = """\
{{
  admin 127.0.0.1:{admin}
  auto_https off
  persist_config off
  metrics
  servers 127.0.0.1:{port} {{
    name caddy-shop
  }}
  servers 127.0.0.1:{bare} {{
    name caddy-bare
  }}
}}
http://127.0.0.1:{port} {{
  bind 127.0.0.1
  header /ok X-Matched yes
  handle /dead {{
    reverse_proxy 127.0.0.1:1
  }}
  handle {{
    reverse_proxy {backend}
  }}
}}
:{bare} {{
  bind 127.0.0.1
  route {{
    header /ok X-Matched yes
    reverse_proxy {backend}
  }}
}}
"""
_HAPROXY = """\
defaults
  mode http
  timeout connect 2s
  retries 0
  timeout client 30s
  timeout server 30s
frontend metrics
  bind 127.0.0.1:{metrics}
  http-request use-service prometheus-exporter if {{ path /metrics }}
frontend web
  bind 127.0.0.1:{port}
  use_backend haproxy-dead if {{ path /dead }}
  default_backend haproxy-shop
backend haproxy-shop
  server a {backend}
backend haproxy-dead
  server a 127.0.0.1:1
"""


def traefik(room: Room) -> Source:
    """Traefik 3 with a file provider. A second job sets `service` itself, as a ServiceMonitor does."""
    port, metrics = free_port(), free_port()
    routes = room.write("routes.yml", _TRAEFIK.format(backend=room.backend.address))
    command = [
        program("traefik"),
        f"--entryPoints.web.address=127.0.0.1:{port}",
        f"--entryPoints.metrics.address=127.0.0.1:{metrics}",
        "--metrics.prometheus=true",
        "--metrics.prometheus.entryPoint=metrics",
        f"--providers.file.filename={routes}",
        "--global.checkNewVersion=false",
        "--global.sendAnonymousUsage=false",
    ]
    room.run("traefik", command, port)
    # A request before its routes are there would be counted, so its own metrics are asked.
    room.wait_for(metrics, 'traefik_service_server_up{service="traefik-shop@file"')
    renamed = {
        "job_name": "traefik-monitor",
        "static_configs": [{"targets": [f"127.0.0.1:{metrics}"], "labels": {"service": "traefik", "cluster": "b"}}],
    }
    parameters = {"parameters": {"identity": "exported_service"}}
    exported = {
        "name": "traefik-exported",
        **parameters,
        **_TRAEFIK_ALONE,
        "labels": {"exported_service": "traefik-shop@file"},
    }
    shop = {"name": "traefik", **_TRAEFIK_ALONE, "labels": {"service": "traefik-shop@file"}}
    dead = {"name": "traefik-dead", **_TRAEFIK_ALONE, "labels": {"service": "traefik-dead@file"}}
    services = (http(shop, port, 0.3), Service(exported, 0.3), _dead(dead, port, 0.3))
    return Source((job("traefik", metrics), renamed), services)


def caddy(room: Room) -> Source:
    """Caddy 2 with `metrics` in its global options: sites with a host, and with a port and a route."""
    port, bare, admin = free_port(), free_port(), free_port()
    config = room.write("Caddyfile", _CADDY.format(admin=admin, port=port, bare=bare, backend=room.backend.address))
    environment = {"XDG_DATA_HOME": str(room.folder), "XDG_CONFIG_HOME": str(room.folder)}
    room.run("caddy", [program("caddy"), "run", "--config", config], port, environment=environment)
    shop = {"name": "caddy", "provider": "caddy", "labels": {"server": "caddy-shop"}}
    other = {"name": "caddy-bare", "provider": "caddy", "labels": {"server": "caddy-bare"}}
    return Source((job("caddy", admin),), (http(shop, port), http(other, bare)))


def haproxy(room: Room) -> Source:
    """HAProxy with the exporter that is built in."""
    port, metrics = free_port(), free_port()
    config = room.write("haproxy.cfg", _HAPROXY.format(metrics=metrics, port=port, backend=room.backend.address))
    room.run("haproxy", [program("haproxy"), "-db", "-f", config], port)
    shop = {"name": "haproxy", "provider": "haproxy", "labels": {"proxy": "haproxy-shop"}}
    dead = {"name": "haproxy-dead", "provider": "haproxy", "labels": {"proxy": "haproxy-dead"}}
    return Source((job("haproxy", metrics),), (http(shop, port, None), _dead(dead, port, None)))


def _dead(settings: dict[str, object], port: int, threshold: float | None) -> Service:
    return Service(settings, threshold, sends_to(port), kinds=DEAD[:1], load=DEAD)
