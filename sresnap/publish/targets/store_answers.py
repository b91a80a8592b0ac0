"""What a store's refusal means, and what to do about it: its code decides, not the HTTP status."""

from __future__ import annotations

import re

from sresnap.printable import quotable
from sresnap.publish.targets.address import without_user
from sresnap.publish.targets.bucket_address import SIGN_IN

NO_BUCKET = "does the bucket exist? sresnap does not create it"
AGAIN = "check its address and the network connection, or run it again later; the published site is whole"
_STATUS = re.compile(r"status code: (\d{3}[^:\n]*)")
_CODE = re.compile(r"(?:<Code>|^Generic S3 error: DeleteObjects request failed .*\(code: )(\w{1,80})")
"""S3 says with the status 200 that an object of a DeleteObjects request was not deleted."""
_MESSAGE = re.compile(r"<Message>([^<\n]{1,200})")
_DENIED = re.compile(r"HTTP 40[13]")
_REFUSED = re.compile(r"HTTP (?:4(?!08|29)\d\d|501)")
_NOT_SIGNED = re.compile(r"redirect without LOCATION")
_ASKED = re.compile(r"Error performing (list request|GET|HEAD|PUT|POST|DELETE)\b|DeleteObjects request failed")
_RIGHTS = {
    "s3": "GetObject, PutObject, DeleteObject, ListBucket",
    "gs": "the role Storage Object User",
    "az": "the role Storage Blob Data Contributor",
}
_S3_RIGHT = {
    "GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "DeleteObject", "DELETE": "DeleteObject",
    "list request": "ListBucket", None: "DeleteObject",
}  # fmt: skip
_DENYING = ("AccessDenied", "AllAccessDisabled", "ObjectLocked", "InvalidObjectState")
_CLOCK = "set this machine's clock, which signs the requests, and run it again"
_REGION = "set AWS_REGION to the bucket's own region"
_KEY = "check {sign_in}: the store does not accept them"
_SESSION = "the session has expired: sign in again, and set {sign_in} and the session's token"
_ENDPOINT = "is this an object store? check AWS_ENDPOINT_URL and the bucket's name"
_HINTS = {
    "RequestTimeTooSkewed": _CLOCK,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "PermanentRedirect": _REGION,
    "TemporaryRedirect": _REGION,
    "ExpiredToken": _SESSION,
    "RequestExpired": _CLOCK,
    "TokenRefreshRequired": _SESSION,
    "InvalidToken": _SESSION,
    "InvalidAccessKeyId": _KEY,
    "SignatureDoesNotMatch": _KEY,
    "InvalidSecurity": _KEY,
    "AuthenticationFailed": _KEY,
    "NoSuchBucket": NO_BUCKET,
    "ContainerNotFound": NO_BUCKET,
    "InvalidBucketName": "check the bucket's name",
}
"""By a store's code. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList and, for Azure,
https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes"""


def reason(error: BaseException) -> str:
    """The store's answer in one line, or the first line of obstore's message.

    `HTTP 400 Bad Request (ExpiredToken): The provided token has expired.`
    """
    text = str(error).strip() or type(error).__name__
    status, code, message = _STATUS.search(text), _CODE.search(text), _MESSAGE.search(text)
    if status is not None:
        said = f": {quotable(without_user(message[1].strip()))}" if message is not None and code is not None else ""
        return f"HTTP {status[1]}" + (f" ({code[1]}){said}" if code is not None else "")
    return quotable(without_user(text.splitlines()[0]))


def is_refusal(error: BaseException) -> bool:
    """Whether another attempt would end in the same way."""
    code = _CODE.search(str(error))
    is_denied = code is not None and code[1] in _DENYING
    return is_denied or any(form.search(reason(error)) for form in (_REFUSED, _NOT_SIGNED))


def names_no_bucket(error: BaseException) -> bool:
    """Whether the bucket is missing, and not only an object in it."""
    code = _CODE.search(str(error))
    return code is not None and _HINTS.get(code[1]) == NO_BUCKET


def hint(scheme: str, error: BaseException) -> str:
    """What a user does about a refusal.

    Args:
        scheme: `s3`, `gs` or `az`.
        error: of obstore.
    """
    text = str(error)
    code = _CODE.search(text)
    if code is not None and code[1] in _HINTS:
        return _HINTS[code[1]].format(sign_in=SIGN_IN[scheme])
    if "Request date header too old" in text:
        return _CLOCK
    if _NOT_SIGNED.search(text):
        return _REGION
    if not is_refusal(error):
        return AGAIN
    if _DENIED.search(reason(error)) or (code is not None and code[1] in _DENYING):
        return _missing_right(scheme, text)
    return _ENDPOINT if scheme == "s3" else NO_BUCKET


def _missing_right(scheme: str, text: str) -> str:
    asked = _ASKED.search(text)
    refused = f"{_S3_RIGHT[asked[1]]} was refused; " if scheme == "s3" and asked is not None else ""
    return f"{refused}check {SIGN_IN[scheme]}; the {'key' if scheme == 's3' else 'account'} needs {_RIGHTS[scheme]}"
