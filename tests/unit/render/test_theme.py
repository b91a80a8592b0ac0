"""A user's theme: where its folder is, and its accent."""

from dataclasses import replace

import pytest

from sresnap.config import loads
from sresnap.errors import ConfigError
from sresnap.render.assets import collect, contrast
from tests import factories


def test_the_theme_of_the_configuration_is_a_folder_beside_it(tmp_path):
    (tmp_path / "brand").mkdir()
    text = "theme: {}\nservices: [{{name: a, slo_target: 99}}]"
    (tmp_path / "sresnap.yaml").write_text(text.format("brand"))
    from sresnap.config import load

    assert load(tmp_path / "sresnap.yaml", {}, cwd=tmp_path / "brand").theme == tmp_path / "brand"
    with pytest.raises(ConfigError, match="no folder"):
        loads(text.format("nowhere"), "sresnap.yaml", {}, cwd=tmp_path)


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#ffffff", "#156294"])
def test_an_accent_is_made_readable_on_both_surfaces_of_both_themes(accent):
    assets = collect(replace(factories.no_service().site, accent=accent))
    sheet = assets.files[assets.css].decode()
    for mode, surfaces in (("light", ("#ffffff", "#f5f6f8")), ("dark", ("#0f1318", "#181d25"))):
        shown = sheet.split(f"var(--own-{mode},")[1][:7]
        assert all(contrast(shown, surface) >= 4.6 for surface in surfaces), (mode, shown)
