"""A snapshot's pages and pictures."""

from __future__ import annotations

from sresnap.render.pictures import pictures
from sresnap.render.site import EXTRA_PAGES, Site, ThemeError, render, render_archive

__all__ = ["EXTRA_PAGES", "Site", "ThemeError", "pictures", "render", "render_archive"]
