"""What panels are drawn with."""

import pytest

from sresnap.render.charts.renderer import Easel
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Clock


@pytest.fixture
def studio():
    with Easel() as easel:
        yield Studio(Clock.of("Europe/Berlin"), easel)
