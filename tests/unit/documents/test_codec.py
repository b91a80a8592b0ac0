"""A stored file has one class; a damaged, a newer and a foreign file each end in one clear message."""

from dataclasses import dataclass
from typing import Literal

import pytest

from sresnap.documents.codec import Codec
from sresnap.errors import DamagedFile, NewerFile
from sresnap.model.stored import STORED


@dataclass(frozen=True, slots=True)
class Note:
    __pydantic_config__ = STORED

    schema: Literal["sresnap/note/3"]
    words: tuple[str, ...]
    weight: float | None = None


def _words(data):
    """Version 1 had one text."""
    return {**data, "words": data["text"].split()}


def _weight(data):
    """Version 2 had grams."""
    return {**data, "weight": data["grams"] / 1000}


def _refuse_many(note):
    if len(note.words) > 3:
        raise ValueError("there are more than 3 words")


CODEC = Codec("sresnap/note/3", Note, "a note", "write it again", _refuse_many, {1: _words, 2: _weight})


def test_what_is_written_is_read_again_and_is_the_same_bytes():
    note = Note("sresnap/note/3", ("a", "é"), 0.1)
    content = CODEC.write(note)
    assert content == '{"schema":"sresnap/note/3","words":["a","é"],"weight":0.1}\n'.encode()
    assert CODEC.read(content, "x.json") == note
    assert CODEC.write(CODEC.read(content, "x.json")) == content


def test_an_older_file_is_upgraded_step_by_step():
    first = b'{"schema": "sresnap/note/1", "text": "a b", "grams": 500}'
    assert CODEC.read(first, "x.json") == Note("sresnap/note/3", ("a", "b"), 0.5)
    second = b'{"schema": "sresnap/note/2", "words": ["a"], "grams": 250}'
    assert CODEC.read(second, "x.json") == Note("sresnap/note/3", ("a",), 0.25)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"<html>", DamagedFile, "x.json is not JSON (line 1, column 1)"),
        (b"", DamagedFile, "x.json is empty"),
        (b"{", DamagedFile, "x.json is not JSON: it is cut short (line 1, column 1)"),
        (b"\xff\xfe", DamagedFile, "x.json is not JSON"),
        pytest.param(b"[" * 100_000, DamagedFile, "x.json is not JSON: it is nested too deeply", id="deep nesting"),
        (b"[]", DamagedFile, "x.json is not a note of sresnap"),
        (b'{"words": []}', DamagedFile, "x.json is not a note of sresnap"),
        (b'{"schema": 3}', DamagedFile, "x.json is not a note of sresnap"),
        (b'{"schema": "sresnap/manifest/1"}', DamagedFile, "x.json is not a note of sresnap"),
        (b'{"schema": "sresnap/note/0"}', DamagedFile, "x.json is not a note of sresnap"),
        pytest.param(
            b'{"schema": "sresnap/note/' + b"9" * 5000 + b'"}', DamagedFile, "is not a note", id="huge version"
        ),
        (
            b'{"schema": "sresnap/note/4", "words": []}',
            NewerFile,
            "x.json was written by a newer sresnap (sresnap/note/4); this one reads up to sresnap/note/3",
        ),
        (b'{"schema": "sresnap/note/3"}', DamagedFile, "x.json is damaged: words is missing"),
        (b'{"schema": "sresnap/note/3", "words": ["a", 3]}', DamagedFile, "x.json is damaged: words.1 is not a text"),
        (
            b'{"schema": "sresnap/note/3", "words": [], "weight": NaN}',
            DamagedFile,
            "x.json is damaged: weight is not a finite number",
        ),
        (b'{"schema": "sresnap/note/3", "words": [], "weight": 1e999}', DamagedFile, "weight is not a finite number"),
        (b'{"schema": "sresnap/note/3", "words": [], "weight": true}', DamagedFile, "weight is not a number"),
        (b'{"schema": "sresnap/note/3", "words": ["a", "b", "c", "d"]}', DamagedFile, "there are more than 3 words"),
        (b'{"schema": "sresnap/note/1", "grams": 3}', DamagedFile, "it does not have the keys of its version 1"),
        (b'{"schema": "sresnap/note/2", "words": 3, "grams": 3}', DamagedFile, "words is not a list"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(content, error, message):
    with pytest.raises(error) as raised:
        CODEC.read(content, "x.json")
    assert message in raised.value.message
    assert len(raised.value.message) < 300
    assert raised.value.hint == ("upgrade sresnap" if error is NewerFile else "write it again")


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_never_written(number):
    with pytest.raises(ValueError, match="is not a number in JSON"):
        CODEC.write(Note("sresnap/note/3", (), number))


def test_a_text_may_hold_the_words_of_such_numbers():
    assert b'"NaN","-Infinity"' in CODEC.write(Note("sresnap/note/3", ("NaN", "-Infinity")))


def test_an_unknown_key_is_ignored():
    assert CODEC.read(b'{"schema": "sresnap/note/3", "words": [], "colour": "red"}', "x.json").words == ()
