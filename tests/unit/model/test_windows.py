"""A report's id names its moment, its day and its month."""

import pytest

from sresnap.model.windows import day_of_id, id_start, is_snapshot_id, moment_of, month_of_id, parse_time, snapshot_id

ID = "20261122T213000Z"


def test_an_id_is_of_one_moment():
    assert snapshot_id(parse_time("2026-11-22T21:30:00Z")) == ID
    assert moment_of(ID) == parse_time("2026-11-22T21:30:00Z")
    assert (day_of_id(ID), month_of_id(ID)) == ("2026-11-22", "2026-11")


@pytest.mark.parametrize("period", [day_of_id(ID), month_of_id(ID)])
def test_the_ids_of_a_period_begin_alike(period):
    assert ID.startswith(id_start(period))
    assert not ID.startswith(id_start("2026-10"))


@pytest.mark.parametrize("text", ["", ID[:-1], f"{ID}Z", f"{ID}\n", "٢٠٢٦1122T213000Z"])
def test_any_other_form_is_not_an_id(text):
    assert is_snapshot_id(ID)
    assert not is_snapshot_id(text)
