"""The lease as a file: what is written is read again, and what must not be printed is not read."""

import dataclasses

import pytest

from sresnap.documents.lease import SCHEMA, LeaseFile, decode_lease, encode_lease

LEASE = LeaseFile(SCHEMA, "3f2a", "GitHub Actions run 4711", 1_795_383_005, 3)


def test_a_lease_is_read_as_it_was_written():
    assert encode_lease(LEASE) == (
        b'{"schema":"sresnap/lease/1","holder":"3f2a","by":"GitHub Actions run 4711",'
        b'"since":"2026-11-22T21:30:05Z","renewed":3,"released":false}\n'
    )
    assert decode_lease(encode_lease(LEASE)) == LEASE


def test_each_renewal_is_another_file():
    assert encode_lease(LEASE) != encode_lease(dataclasses.replace(LEASE, renewed=4))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"GitHub Actions", b"\\u001b[2J"),
        (b"GitHub Actions", b"<script>"),
        (b"2026-11-22T21:30:05Z", b"yesterday"),
        (b"lease/1", b"lease/2"),
        (b'"holder":"3f2a",', b""),
        (b"{", b""),
    ],
)
def test_a_lease_that_cannot_be_read_names_nobody(old, new):
    content = encode_lease(LEASE)
    assert old in content
    assert decode_lease(content.replace(old, new)) is None
