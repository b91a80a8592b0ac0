"""What panels are drawn with."""

import pytest

from sresnap.render.charts.drawing import Charts
from sresnap.render.clock import Clock


@pytest.fixture
def charts():
    with Charts(Clock.of("Europe/Berlin")) as charts:
        yield charts
