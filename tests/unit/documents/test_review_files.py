"""Files of closed periods that were edited, together with their hashes."""

from dataclasses import replace

import pytest

from sresnap.documents import reviews as review_files
from sresnap.errors import DamagedFile
from sresnap.model.review import Outcome
from tests.reviews import result, review


def edited(**changes):
    whole = review()
    (service, *others) = whole.services
    (slo, *more) = service.slos
    slo = replace(slo, **changes)
    return replace(whole, services=(replace(service, slos=(slo, *more)), *others))


MET = result(Outcome.MET, 0.4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"result": replace(MET, sli=None)}, "it is met with an SLI of None"),
        ({"result": replace(MET, sli=2.0)}, r"it is met with an SLI of 2\.0"),
        ({"objective": 1.0}, r"its objective is 1\.0"),
        ({"objective": 0.0}, r"its objective is 0\.0"),
    ],
)
def test_a_verdict_that_cannot_be_is_a_damaged_file(changes, message):
    content = review_files.encode(edited(**changes))
    with pytest.raises(DamagedFile, match=message):
        review_files.decode(content, "review.json")


def test_an_outcome_without_a_verdict_may_have_an_sli_that_cannot_be():
    odd = edited(result=replace(MET, outcome=Outcome.IMPLAUSIBLE, sli=1.2))
    assert review_files.decode(review_files.encode(odd), "review.json") == odd
