"""`customize/index.html`: the reader's own settings."""

from __future__ import annotations

from sresnap.documents.layout import CUSTOMIZE_PAGE
from sresnap.model.snapshot import Snapshot
from sresnap.render.panels.customize import Customize
from sresnap.render.status_badges import NO_STATUS
from sresnap.render.views import Page, Panel


def customize_page(snapshot: Snapshot) -> Page:
    """`customize/index.html`."""
    panel = Panel("customize", "On this device", "customize", Customize())
    title = snapshot.site.title
    return Page(CUSTOMIZE_PAGE.path(), f"Customize · {title}", "Customize", NO_STATUS, (panel,))
