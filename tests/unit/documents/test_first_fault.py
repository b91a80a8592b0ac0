"""A large file that is wrong everywhere costs no more than its first fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, TypeAdapter

from sresnap.documents.codec import Codec
from sresnap.documents.first_fault import FirstFaultError, stopping
from sresnap.documents.manifest import CODEC as MANIFEST
from sresnap.documents.manifest import MOST_FILES
from sresnap.errors import DamagedFile

asked: list[int] = []


def _refuse(value: int) -> int:
    asked.append(value)
    raise ValueError("no")


Refused = Annotated[int, AfterValidator(_refuse)]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        (Mapping[str, Refused], b'{"a":1,"b":2,"c":3}'),
        (tuple[Refused, ...], b"[1,2,3]"),
        (list[list[Refused]], b"[[1,2],[3]]"),
        (Mapping[str, Mapping[str, Refused]], b'{"a":{"x":1,"y":2},"b":{"x":3}}'),
    ],
)
def test_of_many_faults_the_first_one_ends_the_validation(form, content):
    asked.clear()
    with pytest.raises((FirstFaultError, ValueError)):
        stopping(TypeAdapter(form).core_schema).validate_json(content)
    assert asked == [1]


@dataclass(frozen=True, slots=True)
class Numbers:
    schema: Literal["sresnap/numbers/1"]
    values: tuple[int, ...]


NUMBERS = Codec("sresnap/numbers/1", Numbers, "a list of numbers", "write it again", most_values=10)


def test_a_file_of_more_values_than_its_kind_has_is_refused_before_it_is_decoded():
    assert NUMBERS.read(b'{"schema":"sresnap/numbers/1","values":[1,2,3]}', "n.json").values == (1, 2, 3)
    with pytest.raises(DamagedFile, match="it has over 10 values, more than a list of numbers can have"):
        NUMBERS.read(b"[[],[],[],[],[],[]", "n.json")


def test_a_large_manifest_names_its_first_fault():
    entries = ",".join(f'"a/{number}":{{"b":1}}' for number in range(60_000))
    content = f'{{"schema":"sresnap/manifest/1","files":{{{entries}}}}}'.encode()
    assert len(content) > 1_000_000
    with pytest.raises(DamagedFile, match=r"manifest\.json is damaged: sha256 is missing"):
        MANIFEST.read(content, "manifest.json")
    assert MANIFEST.most_values > 5 * MOST_FILES
