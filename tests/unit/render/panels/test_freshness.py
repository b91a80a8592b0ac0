"""When a report was made, and of what."""

from dataclasses import replace

from sresnap.model.snapshot import SourceKind
from tests import factories
from tests.panels import Pages, pages_of


def test_synthetic_numbers_are_announced():
    snapshot = factories.healthy()
    demo = replace(snapshot, source=replace(snapshot.source, kind=SourceKind.DEMO))
    assert "Synthetic data" in Pages(demo).document("index.html", "freshness").text
    assert "Synthetic data" not in pages_of("healthy").document("index.html", "freshness").text
