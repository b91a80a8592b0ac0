"""Faults of a site as it is served."""

from sresnap.documents import pointer
from sresnap.documents.manifest import Manifest
from sresnap.publish.served import ServedSite
from tests import factories

SNAPSHOT = factories.small()
POINTER = pointer.decode_pointer(pointer.pointer_to(SNAPSHOT, {}), "latest.json")


def test_a_manifest_without_a_report_says_so():
    site = ServedSite(Manifest(None, SNAPSHOT.at, {}, {}), POINTER, {})
    assert list(site.faults()) == [f"manifest.json describes no report, but latest.json names {SNAPSHOT.id}"]


def test_a_manifest_of_another_report_names_both():
    other = "20261101T000000Z"
    site = ServedSite(Manifest(other, SNAPSHOT.at, {}, {}), POINTER, {})
    assert list(site.faults()) == [f"manifest.json describes the report {other}, but latest.json names {SNAPSHOT.id}"]
