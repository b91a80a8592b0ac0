"""Which values of labels look like errors of the server."""

import pytest

from sresnap.config import looks_like_error

ERRORS = (
    "500", "503", "599", "5xx", "5XX", "SERVER_ERROR", "server_error", "error", "Error", "ERROR", "errors",
    "fail", "failed", "FAILED", "failure", "Failure", "job-failed", "Internal", "INTERNAL", "Unavailable",
    "DeadlineExceeded", "DEADLINE_EXCEEDED", "DataLoss", "Unimplemented", "timeout", "exception", "internal error",
    "Internal Server Error", "payment.failed",
    # Whole words inside a value.
    "50x", "HTTP_500", "http5xx", "responses_5xx", "ERROR_5XX", "5xx_errors", "500 Internal Server Error",
    "502 Bad Gateway", "NullPointerException", "IOException", "ServerFailure", "TimeoutError", "Unknown",
    "ResourceExhausted", "RESOURCE_EXHAUSTED", "error_db", "failed_permanently", "rejected", "dropped", "ko", "KO",
    "unsuccessful", "connection_refused", "not_ok", "OOMKilled", "server_error_timeout",
)  # fmt: skip
NO_ERRORS = (
    "", "200", "404", "429", "50", "5000", "2xx", "4xx", "SUCCESS", "ok", "OK", "CLIENT_ERROR", "client error",
    "none", "no_error", "not failed", "NotFound", "InvalidArgument", "Canceled", "error-service", "failover",
    "GET", "/error/page", "true", "5", "false", "no",
    # Whole words that blame the caller, deny an error, or are part of another word.
    "HTTP_404", "error_4xx", "4xx_errors", "ClientError", "client_timeout", "ValidationError",
    "BadRequestException", "NotFoundError", "NoErrors", "InvalidArgumentError", "terror", "failsafe",
    "ErrorHandler", "internal-api",
    "node-500", "500ms", "error_budget", "unknown-host", "okay", "kong", "default", "erratic",
)  # fmt: skip


def test_these_look_like_errors():
    assert [value for value in ERRORS if not looks_like_error(value)] == []


def test_these_do_not():
    assert [value for value in NO_ERRORS if looks_like_error(value)] == []


@pytest.mark.parametrize(
    ("label", "value", "is_error"),
    [
        ("envoy_response_code_class", "5", True),  # Envoy has 2, 4 and 5
        ("envoy_response_code_class", "4", False),
        ("outcome", "UNKNOWN", False),  # Micrometer: no response was seen
        ("status", "UNKNOWN", False),
        ("grpc_code", "Unknown", True),
        ("grpc_status", "UNKNOWN", True),
        ("outcome", "SERVER_ERROR", True),
        ("success", "false", True),
        ("success", "no", True),
        ("success", "true", False),
        ("is_error", "true", True),
        ("shard", "5", False),
        ("cache_hit", "false", False),
    ],
)
def test_some_values_are_errors_by_their_label(label, value, is_error):
    assert looks_like_error(value, label) is is_error
