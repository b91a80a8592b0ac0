"""What `sresnap review` prints."""

from sresnap.cli.review_output import print_review
from tests.reviews import review


def test_a_line_never_breaks_between_a_number_and_its_percent_sign(capsys):
    for length in range(60, 100):
        print_review(review(), [f"{'x' * length} 83.8 % of the hours"])
    printed = capsys.readouterr().out
    assert "83.8 % of" in printed
    assert not any(line.strip().startswith("%") for line in printed.splitlines())
