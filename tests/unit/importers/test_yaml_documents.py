"""What is read of a file of another tool does not depend on the parser."""

import pickle

import pytest
import yaml

from sresnap.importers import yaml_documents
from sresnap.importers.yaml_documents import UnreadableError, documents
from tests.unit.config.test_source import DEEP, shallow
from tests.unit.importers.test_fuzz import ODD
from tests.unit.importers.test_importers import ALL

TEXTS = [
    *ALL.values(),
    *(f"a: 1\n---\n- {value}\n" for value in ODD),
    "a: 2024-99-99\nb: &x {c: 0x1F}\nd: [*x, {<<: *x, e: ~}]\n--- !odd\nf: 1\n",
    "a: 1\n---\nb: [",
    "a: 1\n...\n---\n",
    '{"a":' * DEEP,
    "",
]


def read(path):
    """The documents, in bytes, because NaN is not equal to itself, and the mistake that ends them."""
    found = []
    try:
        found += documents(path)
    except UnreadableError as error:
        return pickle.dumps(found), str(error)
    return pickle.dumps(found), None


__all__ = ["shallow"]


@pytest.mark.usefixtures("shallow")
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_both_parsers_read_the_same(text, tmp_path, monkeypatch):
    path = tmp_path / "slo.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    fast = read(path)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert read(path) == fast


def test_a_valid_file_is_read_by_libyaml(tmp_path, monkeypatch):
    monkeypatch.setattr(yaml_documents, "_read_slowly", lambda _: 1 // 0)
    path = tmp_path / "slo.yaml"
    path.write_text(ALL["sloth"])
    assert read(path)[1] is None
