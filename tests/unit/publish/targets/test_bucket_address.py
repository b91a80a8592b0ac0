"""Addresses of buckets, and variables that name endpoints."""

import pytest

from sresnap.errors import UsageError
from sresnap.publish.targets import registry
from sresnap.publish.targets.bucket import Bucket


@pytest.mark.parametrize("scheme", ["s3", "gs", "az", "S3"])
@pytest.mark.parametrize(
    "rest",
    [
        "//KEY:HUNTER2@bkt/x",
        "//KEY:HUN/TER2@bkt/x",
        "//KEY:HUN TER2@bkt/x",
        "/KEY:HUNTER2@bkt",
        "//bkt/q?HUNTER2=1",
        "//bkt/q#2",
    ],
)
def test_an_address_of_a_bucket_has_only_bucket_and_prefix(scheme, rest):
    with pytest.raises(UsageError) as refused:
        registry.open_target(f"{scheme}:{rest}")
    printed = f"{refused.value.message} {refused.value.hint}"
    assert "TER2" not in printed
    assert f"{scheme.lower()}://" in printed


@pytest.mark.parametrize("rest", ["b/x/../y", "b/./x", "b/..", "b/a%20b", "b/%2e%2e/y", "b//x", "b/x//y"])
@pytest.mark.parametrize("scheme", ["s3", "gs", "az"])
def test_f15_an_address_that_would_lead_to_another_prefix_is_refused(scheme, rest):
    with pytest.raises(UsageError, match=r"address of a bucket must have no %|a prefix must have no"):
        registry.open_target(f"{scheme}://{rest}")


def test_f15_a_prefix_is_used_as_it_stands():
    assert Bucket("s3://b/a b/ü../...x/").shown == "s3://b/a b/ü../...x"


def test_a_login_in_the_address_of_a_bucket_is_refused_with_the_variables_that_sign_in():
    with pytest.raises(UsageError, match="s3://bkt/x was given with a login") as refused:
        Bucket("s3://KEY:SECRET@bkt/x")
    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in refused.value.hint


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("s3://bkt/p", "AWS_ENDPOINT_URL"),
        ("s3://bkt/p", "AWS_ENDPOINT_URL_S3"),
        ("s3://bkt/p", "AWS_ENDPOINT"),
        ("gs://bkt/p", "GOOGLE_BASE_URL"),
        ("az://bkt/p", "AZURE_ENDPOINT"),
        ("az://bkt/p", "AZURE_STORAGE_ENDPOINT"),
    ],
)
@pytest.mark.parametrize(
    "value",
    ["127.0.0.1:9000", "minio", "", "http://", "http://:9000", " http://minio", "http://minio ", "http://minio:99999",
     "ftp://minio", "me:hunter2@minio:9000", "http://me:hunter2@minio:x"],
)  # fmt: skip
def test_an_invalid_endpoint_is_refused_with_the_name_of_its_variable(monkeypatch, url, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=rf"variable {name} is not an http\(s\) address") as refused:
        Bucket(url)
    assert f"{name}=http://HOST:PORT" in refused.value.hint
    assert "hunter2" not in refused.value.message
    assert ("@" in value) or (f'"{value}"' in refused.value.message)


@pytest.mark.parametrize("value", ["https://minio", "HTTP://127.0.0.1:9000/x", "http://[::1]:9000"])
def test_an_endpoint_that_is_an_address_is_accepted(monkeypatch, value):
    monkeypatch.setenv("AWS_ENDPOINT_URL", value)
    monkeypatch.setenv("GOOGLE_BASE_URL", "of another kind of target")
    assert Bucket("s3://bkt/p/").shown == "s3://bkt/p"
