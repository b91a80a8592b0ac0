"""The templates' links: paths of the site come from the layout."""

import re
from pathlib import Path

import pytest

from sresnap.render.templates import load_templates
from sresnap.resources import bundled

TEMPLATES = bundled("templates")
SPELLED = re.compile(r"root }}[a-z0-9]")


@pytest.mark.parametrize("name", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")))
def test_a_template_spells_out_no_path_of_the_site(name):
    assert SPELLED.findall((Path(TEMPLATES) / name).read_text()) == []


def test_a_themes_templates_have_the_paths_too(tmp_path):
    (tmp_path / "mine.html").write_text("{{ paths.feed }} {{ paths.snapshot('20261122T213000Z') }}")
    html = load_templates(tmp_path).get_template("mine.html").render()
    assert html == "feed.xml snapshots/20261122T213000Z.json"
