"""The names of series as data, and as text in files."""

import pytest

from sresnap.model.series_key import SeriesKey

TEXTS = {
    "total": SeriesKey("total"),
    "latency_good@0.3": SeriesKey("latency_good", threshold="0.3"),
    "bad#checkout.latency": SeriesKey("bad", scope="checkout.latency"),
    "latency_good#api.fast@0.25": SeriesKey("latency_good", scope="api.fast", threshold="0.25"),
    "slices_good#latency_good.5m.0.99@0.3": SeriesKey("slices_good", scope="latency_good.5m.0.99", threshold="0.3"),
    "total~1800-3600": SeriesKey("total", part=(1800, 3600)),
    "bad#web.checkout@0.3~0-900": SeriesKey("bad", scope="web.checkout", threshold="0.3", part=(0, 900)),
}


@pytest.mark.parametrize(("text", "key"), TEXTS.items())
def test_a_text_is_read_and_written_the_same(text, key):
    assert SeriesKey.parse(text) == key
    assert str(key) == text


@pytest.mark.parametrize(
    "text", ["", "#a", "total#", "total@", "total~", "total~1800", "total~a-b", "a#b#c", "a~1-2@3"]
)
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match="is not the name of a series"):
        SeriesKey.parse(text)


def test_a_part_of_an_hour_belongs_to_the_series_of_whole_hours():
    part = SeriesKey("bad", scope="web.checkout").of_part((1800, 3600))
    assert (str(part), str(part.whole)) == ("bad#web.checkout~1800-3600", "bad#web.checkout")
