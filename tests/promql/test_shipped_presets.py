"""Every shipped preset answers on its own series what it says, by Prometheus' own engine."""

import pytest

from sresnap.app.try_preset import try_preset
from sresnap.config.preset_files import shipped_presets
from tests.integration.prometheus_server import need_tool


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.name)
def test_every_query_of_a_shipped_preset_gives_the_answer_that_its_tests_say(preset):
    need_tool("promtool")
    tried = try_preset(preset)
    assert tried.failed == ()
    assert tried.untested == ()
    assert tried.checks >= len(preset.keys)
