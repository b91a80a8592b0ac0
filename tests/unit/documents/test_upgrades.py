"""Reports of earlier versions get what they lack."""

from dataclasses import replace

from sresnap.documents.upgrades import with_now
from sresnap.model.now import NOT_JUDGED
from tests import factories


def test_a_report_of_an_earlier_version_is_judged_by_its_alerts():
    new = factories.overspent()
    old = replace(
        new,
        now=NOT_JUDGED,
        services=tuple(
            replace(one, now=NOT_JUDGED, slos=tuple(replace(slo, now=NOT_JUDGED) for slo in one.slos))
            for one in new.services
        ),
    )
    assert with_now(old) == new
    assert with_now(new) is new
