"""Which values of labels look like errors of the server."""

import pytest

from sresnap.config import looks_like_error


@pytest.mark.parametrize(
    "value",
    [
        "500", "503", "599", "5xx", "5XX", "SERVER_ERROR", "server_error", "error", "Error", "ERROR", "errors",
        "fail", "failed", "FAILED", "failure", "Failure", "job-failed", "Internal", "INTERNAL", "Unavailable",
        "DeadlineExceeded", "DEADLINE_EXCEEDED", "DataLoss", "Unimplemented", "timeout", "exception", "internal error",
        "Internal Server Error", "payment.failed",
    ],
)  # fmt: skip
def test_these_look_like_errors(value):
    assert looks_like_error(value)


@pytest.mark.parametrize(
    "value",
    [
        "", "200", "404", "429", "50", "5000", "2xx", "4xx", "SUCCESS", "ok", "OK", "CLIENT_ERROR", "client error",
        "none", "no_error", "not failed", "NotFound", "InvalidArgument", "Canceled", "error-service", "failover",
        "GET", "/error/page", "true",
    ],
)  # fmt: skip
def test_these_do_not(value):
    assert not looks_like_error(value)
