"""Synthetic services: a model of every number, with a server, an exporter and a backfill of it."""

from sresnap.demo.config import demo_config
from sresnap.demo.model import Scrapes
from sresnap.demo.server import DemoServer
from sresnap.demo.story import story

__all__ = ["DemoServer", "Scrapes", "demo_config", "story"]
