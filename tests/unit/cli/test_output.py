"""What a command prints: no control character of another program's text reaches the terminal."""

import io
import subprocess
import sys

import pytest

from sresnap.cli.output import Output
from tests.fuzz.program import program


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("letter", ["\0", "\a", "\x9b", "\u202e", "\u2066", "\ud800", "\x7f"])
@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_no_control_character_reaches_an_output(letter, stream):
    written = stream()
    Output(written).write(f"a{letter}b\n")
    assert written.getvalue() == f"a\\u{ord(letter):04x}b\n"


def test_the_colours_of_a_terminal_stay():
    written = Terminal()
    Output(written).write("\x1b[31mred\x1b[0m")
    assert written.getvalue() == "\x1b[31mred\x1b[0m"


def test_a_path_with_nul_and_a_direction_override_is_printed_as_its_escape(tmp_path):
    (tmp_path / "sresnap.yaml").write_text(
        'services: [{name: a, slo_target: 99}]\nprometheus: {ca_file: "a\\0\\u202eb"}\n'
    )
    ended = program("check", cwd=tmp_path)
    assert ended.code == 2
    assert not [letter for letter in ended.printed if letter in "\0\u202e"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_no_file_gets_the_number_of_a_closed_descriptor(tmp_path, closed):
    """A child would print into it."""
    code = """
import os
from sresnap.cli.output import lasting_output
with lasting_output(), open("numbers", "w") as file:
    print("to nobody")
    file.write(f"{file.fileno() > 2} {[os.path.exists(f'/dev/fd/{number}') for number in range(3)]}")
"""
    subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "numbers").read_text() == "True [True, True, True]"
