"""When a report was made, and of what."""

from dataclasses import replace

from sresnap.model.snapshot import SourceKind
from sresnap.model.windows import iso
from sresnap.render.site import SiteRenderer
from tests import factories
from tests.panels import Pages, pages_of, plain


def test_synthetic_numbers_are_announced():
    snapshot = factories.healthy()
    demo = replace(snapshot, source=replace(snapshot.source, kind=SourceKind.DEMO))
    assert "Synthetic data" in Pages(demo).document("index.html", "freshness").text
    assert "Synthetic data" not in pages_of("healthy").document("index.html", "freshness").text


def coverage(*services):
    return plain(Pages(factories.snapshot(services)).document("index.html", "freshness").text).partition("Coverage ")[2]


def test_an_objective_without_data_does_not_make_the_coverage_of_all_others_zero():
    whole = factories.healthy_service("api")  # two objectives
    assert coverage(whole) == "100 %"
    assert coverage(whole, factories.no_data_service()) == "100 % or more, 1 of 3 objectives without data"
    assert coverage(factories.no_data_service()) == "1 of 1 objective without data"


def test_old_data_under_a_new_file_is_as_old_as_its_data():
    snapshot = replace(factories.healthy(), generated_at=factories.AT + 86_400)
    for panel in ("bar", "freshness"):
        assert f'data-ago="{iso(factories.AT)}"' in Pages(snapshot).html("index.html", panel)
    with SiteRenderer(snapshot) as renderer:
        assert f'data-generated="{iso(factories.AT)}"' in renderer.frozen_page().decode()
    with SiteRenderer(factories.healthy()) as renderer:
        assert f'data-generated="{iso(factories.AT + 4)}"' in renderer.frozen_page().decode()
