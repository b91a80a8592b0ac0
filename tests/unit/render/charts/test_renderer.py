"""What matplotlib sees of the user's surroundings while it is imported; a whole process is in test_processes.py."""

import os
from pathlib import Path

from sresnap.render.charts.renderer import _own_environment


def test_matplotlib_finds_its_cache_and_no_settings_of_the_user_while_it_is_imported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("matplotlibrc").write_text("backend: nosuch")
    given = {"MPLCONFIGDIR": "cache", "MPLBACKEND": "nosuch", "MATPLOTLIBRC": "matplotlibrc"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with _own_environment():
        assert not Path("matplotlibrc").exists()
        assert os.environ["MPLCONFIGDIR"] == str(tmp_path / "cache")
        assert os.environ["MATPLOTLIBRC"] == os.devnull
        assert "MPLBACKEND" not in os.environ
    assert Path.cwd() == tmp_path
    assert {name: os.environ[name] for name in given} == given
