"""Every shipped preset answers on its own series what it says, by Prometheus' own engine."""

from pathlib import Path

import pytest

from sresnap.app.try_preset import try_preset
from sresnap.config.preset_files import preset_file
from sresnap.config.presets import CUSTOM, preset_names
from tests.integration.prometheus_server import need_tool


@pytest.mark.parametrize("name", sorted({*preset_names()} - {CUSTOM}))
def test_every_query_of_a_shipped_preset_gives_the_answer_that_its_tests_say(name):
    need_tool("promtool")
    preset = preset_file(name, Path())
    tried = try_preset(preset)
    assert tried.failed == ()
    assert tried.untested == ()
    assert tried.checks >= len(preset.keys)
