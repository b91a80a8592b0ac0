"""A snapshot's pages."""

from __future__ import annotations

from sresnap.render.site import Site, render

__all__ = ["Site", "render"]
