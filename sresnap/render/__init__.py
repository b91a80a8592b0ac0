"""A snapshot's pages."""

from __future__ import annotations

from sresnap.render.site import EXTRA_PAGES, Site, ThemeError, render

__all__ = ["EXTRA_PAGES", "Site", "ThemeError", "render"]
