"""The schemas that a site publishes hold for all JSON that it publishes."""

import dataclasses
import json
import re
import shutil

import pytest
from jsonschema import Draft202012Validator

from sresnap.cli.schema import SCHEMA_CHOICES
from sresnap.documents import files, reviews, schemas, snapshots
from sresnap.documents.layout import RESTATEMENT
from sresnap.model.archive import Keep
from sresnap.model.review import Cause, Restatement
from sresnap.model.windows import snapshot_id
from sresnap.publish.targets.folder import Folder
from tests.archives import put
from tests.integration import sites
from tests.integration.month import AT

BY_PLACE = {
    r"latest\.json": "latest",
    r"manifest\.json": "manifest",
    r"snapshots/\d{8}T\d{6}Z\.json": "snapshot",
    r"archive/index\.json": "archive",
    r"archive/thinned/\d{4}/\d{2}/[\d-]+\.json": "thinned",
    r"history/\d{4}/\d{2}/[\d-]+\.json": "history",
    r"reviews/[^/]+/review\.json": "review",
    r"reviews/[^/]+/restatement-\d+\.json": "restatement",
    r"reviews/index\.json": "reviews",
    r"(services/[^/]+/)?objectives\.json": "objectives",
    r"services/[^/]+/statement-[^/]+\.json": "statement",
    r"badges/.+\.json": "badge",
}


@pytest.fixture(scope="module")
def www(demo_site, tmp_path_factory):
    """The demo's site, published after its second report, for which the first was thinned out."""
    folder = tmp_path_factory.mktemp("schemas")
    shutil.copytree(demo_site, folder / "public")
    restated = Restatement("sresnap/restatement/1", "2026-02", 1, AT, "0" * 64, (Cause.LATE_DATA,), (), (), ())
    files.write_changed(folder / "public", {RESTATEMENT.path("2026-02", "1"): reviews.encode_restatement(restated)})
    (path,) = (folder / "public/snapshots").iterdir()
    snapshot = snapshots.read(path)
    later = dataclasses.replace(snapshot, id=snapshot_id(AT + 60), at=AT + 60, generated_at=AT + 60)
    put(folder / "public", later, Keep(every=0, hourly=0, daily=0, weekly=0, monthly=0))
    sites.publish(Folder(folder / "www"), folder / "public", AT + 60)
    return folder / "www"


def documents(www):
    """Every JSON file with its kind, but for the schemas."""
    for path in sorted(www.rglob("*.json")):
        name = path.relative_to(www).as_posix()
        if not name.startswith(("schema/", ".")):
            (kind,) = [kind for place, kind in BY_PLACE.items() if re.fullmatch(place, name)]
            yield name, kind, json.loads(path.read_bytes())


def test_every_json_file_of_a_site_is_valid_by_the_schema_that_it_names_and_that_the_site_has(www):
    kinds_found = set()
    validators = {}
    for name, kind, document in documents(www):
        if isinstance(document, dict) and kind != "badge":
            assert schemas.path(kind) == document["schema"].replace("sresnap/", "schema/") + ".json"
        if kind not in validators:
            validators[kind] = Draft202012Validator(json.loads((www / schemas.path(kind)).read_bytes()))
        assert [
            f"{name}: {fault.json_path}: {fault.message}"[:300] for fault in validators[kind].iter_errors(document)
        ] == []
        kinds_found.add(kind)
    assert kinds_found == set(schemas.STORED_KINDS) == set(BY_PLACE.values())
    assert ("config", "preset", *schemas.STORED_KINDS) == SCHEMA_CHOICES


def test_every_schema_is_valid_and_has_its_own_id_that_is_the_same_on_every_site(www):
    found = [json.loads(path.read_bytes()) for path in sorted((www / "schema").rglob("*.json"))]
    assert len({schema["$id"] for schema in found}) == len(found) == len(schemas.STORED_KINDS)
    for schema in found:
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == "urn:" + schema["title"].replace("/", ":")


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("latest", lambda document: document.pop("id")),
        ("snapshot", lambda document: document.update(schema="sresnap/snapshot/2")),
        ("snapshot", lambda document: document["services"][0].update(status="FINE")),
        ("archive", lambda document: document["entries"][0].update(number="1")),
        ("thinned", lambda document: document["rows"][0].pop(0)),
        ("history", lambda document: document["services"]["api"]["total"]["values"].pop()),
        ("manifest", lambda document: document["files"]["index.html"].update(sha256="0")),
        ("statement", lambda document: document.pop("episodes")),
        ("objectives", lambda document: document[0].update(good="many")),
        ("badge", lambda document: document.update(color="blue")),
    ],
)
def test_a_file_of_another_shape_is_invalid(www, kind, spoil):
    document = next(document for _, found, document in documents(www) if found == kind)
    spoil(document)
    assert not Draft202012Validator(schemas.schema(kind)).is_valid(document)
