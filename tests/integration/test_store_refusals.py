"""What a store's refusals mean: obstore meets them from a server on this machine, and each has its own advice."""

import pytest

from sresnap.documents.headers import headers_of
from sresnap.errors import PublishFailed
from sresnap.publish.targets.bucket import Bucket
from tests.integration.object_stores import environment
from tests.integration.s3_faults import Fault, StoreProxy
from tests.integration.web_answers import Answer, answering

NOWHERE = "http://127.0.0.1:1"
REFUSALS = [
    (
        "400", "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-central-1'",
        "set AWS_REGION",
    ),
    ("301", "PermanentRedirect", "must be addressed using the specified endpoint", "set AWS_REGION"),
    ("400", "ExpiredToken", "The provided token has expired.", "the session has expired: sign in again"),
    ("403", "RequestTimeTooSkewed", "The difference is too large.", "set this machine's clock"),
    ("403", "InvalidAccessKeyId", "No such key.", "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: "),
    ("403", "SignatureDoesNotMatch", "Check your key.", "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: "),
    ("403", "AccessDenied", "Access Denied", "PutObject was refused; check"),
    ("404", "NoSuchBucket", "The specified bucket does not exist", "does the bucket exist?"),
    ("405", "MethodNotAllowed", "not here", "is this an object store? check AWS_ENDPOINT_URL"),
    ("503", "SlowDown", "Please reduce your request rate.", "or run it again later"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code", "said", "advice"), REFUSALS, ids=[row[1] for row in REFUSALS])
def test_f11_each_refusal_of_a_store_has_its_own_advice(status, code, said, advice):
    fault = Fault(status, "PUT", text=code, message=said)
    with StoreProxy(NOWHERE, fault) as proxy, environment(proxy.url), pytest.raises(PublishFailed) as refused:
        Bucket("s3://bucket/site").put("index.html", b"1", headers_of("index.html"))
    assert advice in refused.value.hint
    if status != "301":  # obstore does not pass its code on
        assert f"HTTP {status} " in refused.value.message
        assert f"({code}): {said}" in refused.value.message


def test_f11_a_bucket_that_does_not_exist_is_not_read_as_an_empty_one():
    fault = Fault("404", "GET", text="NoSuchBucket", message="The specified bucket does not exist")
    with StoreProxy(NOWHERE, fault) as proxy, environment(proxy.url), pytest.raises(PublishFailed) as refused:
        Bucket("s3://bucket/site").read("latest.json")
    assert "does the bucket exist?" in refused.value.hint
    with StoreProxy(NOWHERE, Fault("404", "GET", text="NoSuchKey")) as proxy, environment(proxy.url):
        assert Bucket("s3://bucket/site").read("latest.json") is None


def test_f11_the_right_that_was_refused_is_named_for_each_request():
    faults = [Fault("403", method, text="AccessDenied") for method in ("GET", "PUT", "POST")]
    with StoreProxy(NOWHERE, *faults) as proxy, environment(proxy.url):
        bucket = Bucket("s3://bucket/site")
        calls = [
            ("GetObject", lambda: bucket.read("x")),
            ("ListBucket", lambda: list(bucket.names())),
            ("PutObject", lambda: bucket.put("x", b"1", headers_of("x"))),
            ("DeleteObject", lambda: bucket.delete("x")),
        ]
        for right, call in calls:
            with pytest.raises(PublishFailed) as refused:
                call()
            assert refused.value.hint.startswith(f"{right} was refused; ")


def test_f12_an_object_that_s3_did_not_delete_is_a_refusal_although_the_status_is_200():
    said = "<DeleteResult><Error><Key>site/x</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    answer = Answer(200, f"{said}</DeleteResult>".encode(), {"Content-Type": "application/xml"})
    with answering(answer) as server, environment(f"http://{server.host}"), pytest.raises(PublishFailed) as refused:
        Bucket("s3://bucket/site").delete("x")
    assert "Access Denied (code: AccessDenied)" in refused.value.message
    assert refused.value.hint.startswith("DeleteObject was refused; ")
    assert server.requests == 1


def test_f11_an_endpoint_that_does_not_answer_is_not_a_missing_bucket():
    with environment("http://127.0.0.1:1"), pytest.raises(PublishFailed) as refused:
        Bucket("s3://bucket/site").read("latest.json")
    assert "check its address and the network connection" in refused.value.hint


def test_f15_a_proxy_that_weakens_etags_is_named_in_place_of_another_publisher():
    with environment(NOWHERE), pytest.raises(PublishFailed, match="weakens its ETags"):
        Bucket("s3://bucket/site").swap("manifest.json", b"{}", headers_of("manifest.json"), '["W/\\"0ab\\"", null]')
