"""The public API, as docs/api.md shows it."""

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

import sresnap
from sresnap.demo import DemoServer, demo_config
from sresnap.errors import UsageError

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)


def test_the_examples_of_the_page_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = demo_config(1)
    config = sresnap.load_config(_write(tmp_path / "sresnap.yaml", text))
    _write(tmp_path / "broken.yaml", "services: [{name: api, slo_target: 120}]\n")
    with DemoServer(config.templates, services=1) as server:
        monkeypatch.setenv("PROMETHEUS_URL", server.url)
        _write(tmp_path / "sresnap.yaml", f"{text}\npublish: {{target: 'file:{tmp_path / 'www'}'}}\n")
        for example in EXAMPLES:
            exec(compile(example, "docs/api.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "frontend availability" in printed
    assert f"files sent to {tmp_path / 'www'}" in printed
    assert "broken.yaml 1 services[0].slo_target" in printed
    assert (tmp_path / "www" / "latest.json").is_file()


def test_every_name_of_the_package_is_on_the_page():
    page = (ROOT / "docs" / "api.md").read_text()
    for name in sresnap.__all__:
        assert getattr(sresnap, name) is not None
        assert name == "__version__" or f"`{name}" in page


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'biuld'"):
        sresnap.biuld  # noqa: B018


def test_a_time_without_a_zone_is_refused(tmp_path):
    config = sresnap.load_config(_write(tmp_path / "sresnap.yaml", demo_config(1)))
    with pytest.raises(UsageError, match="has no time zone"):
        sresnap.build_report(config, tmp_path / "public", at=datetime(2026, 3, 15))  # noqa: DTZ001


def test_importing_the_package_imports_nothing_heavy():
    heavy = ("click", "pydantic", "httpx", "matplotlib", "numpy", "sresnap.api")
    code = f"import sys, sresnap; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _write(path, text):
    path.write_text(text)
    return path
