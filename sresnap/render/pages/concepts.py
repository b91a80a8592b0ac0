"""`concepts/index.html`: the terms and the simulator."""

from __future__ import annotations

from sresnap.documents.layout import CONCEPTS_PAGE
from sresnap.model.snapshot import Snapshot
from sresnap.render.concepts import Primer
from sresnap.render.panels.examples import examples
from sresnap.render.panels.simulator import simulator
from sresnap.render.panels.terms import TermsView
from sresnap.render.status_badges import NO_STATUS
from sresnap.render.views import Page, Panel


def concepts_page(snapshot: Snapshot, primer: Primer) -> Page:
    """`concepts/index.html`."""
    known = examples(snapshot)
    panels = [Panel("search", "Find a term", "search", primer)]
    for index, group in enumerate(primer.groups):
        own = {term.key: known[term.example] for term in group.terms if term.example and term.example in known}
        panels.append(Panel(f"terms{index}", group.title, "terms", TermsView(group, own)))
    panels.append(Panel("simulator", "Simulator", "simulator", simulator(snapshot)))
    title = snapshot.site.title
    return Page(CONCEPTS_PAGE.path(), f"Concepts · {title}", "Concepts", NO_STATUS, tuple(panels))
