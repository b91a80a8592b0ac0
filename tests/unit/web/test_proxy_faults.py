"""What an error came from."""

from sresnap.web.proxy_faults import causes_of


def test_errors_that_are_each_other_s_context_are_walked_once():
    attempt, other = OSError("refused"), OSError("unreachable")
    group = ExceptionGroup("all attempts failed", [attempt, other])
    attempt.__context__ = group
    outer = ConnectionError("no connection")
    outer.__cause__ = group
    assert list(causes_of(outer)) == [outer, group, attempt, other]
