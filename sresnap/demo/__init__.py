"""Synthetic services: one model of every number, and a server, an exporter and a backfill that show it."""

from sresnap.demo.config import demo_config
from sresnap.demo.model import Scrapes
from sresnap.demo.server import DemoServer

__all__ = ["DemoServer", "Scrapes", "demo_config"]
