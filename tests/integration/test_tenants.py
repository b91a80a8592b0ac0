"""Two tenants behind vmauth, which knows them by their sign-in: each report has the numbers of its own tenant."""

import subprocess
import urllib.request
from contextlib import ExitStack
from time import monotonic, sleep

import pytest

from sresnap.config import loads
from sresnap.errors import PrometheusUnreachable
from tests.accuracy.engines import victoria
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import free_port, need_tool

AT = 1_795_305_600
"""22 November 2026, 00:00."""
ENV = {"RED": "red-password", "BLUE": "blue-token", "WRONG": "not-a-password"}
SIGN_IN = {
    "red": "basic_auth: {username: red, password_env: RED}",
    "blue": "bearer_token_env: BLUE",
    "nobody": "basic_auth: {username: red, password_env: WRONG}",
}


def requests(a_minute: int) -> str:
    """A day of requests, a tenth of them errors."""
    return "".join(
        f'http_requests_total{{service="api", code="{code}"}} {share * minute} {(AT - 86_400 + 60 * minute) * 1000}\n'
        for code, share in (("200", a_minute * 9), ("500", a_minute))
        for minute in range(1441)
    )


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """vmauth before two servers with series of the same names."""
    folder, port = tmp_path_factory.mktemp("tenants"), free_port()
    with ExitStack() as stack:
        red, blue = (
            stack.enter_context(victoria(requests(a_minute), folder / name))
            for name, a_minute in (("red", 6), ("blue", 60))
        )
        (folder / "auth.yaml").write_text(
            f"users:\n- {{username: red, password: red-password, url_prefix: '{red}'}}\n"
            f"- {{bearer_token: blue-token, url_prefix: '{blue}'}}\n",
            "utf-8",
        )
        command = [need_tool("vmauth"), f"-auth.config={folder}/auth.yaml", f"-httpListenAddr=127.0.0.1:{port}"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(lambda: (process.terminate(), process.wait(30)))
        wait(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"


def wait(url):
    give_up = monotonic() + 20
    while monotonic() < give_up:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise RuntimeError(f"{url} did not start")


def built(url, tenant, out):
    text = f"prometheus: {{url: '{url}', {SIGN_IN[tenant]}}}\nservices: [{{name: api, slo_target: 99}}]\n"
    return build_without_pages(loads(text, "sresnap.yaml", ENV, cwd=out), out, AT)


@pytest.mark.parametrize(("tenant", "total"), [("red", 3600), ("blue", 36_000)])
def test_a_tenant_gets_the_numbers_of_its_own(url, tmp_path, tenant, total):
    """An hour has 60 minutes of 10 times as many requests as errors."""
    (slo,) = built(url, tenant, tmp_path).services[0].slos
    assert (slo.windows["1h"].total, slo.windows["1h"].good) == (total, total * 9 / 10)
    assert slo.windows["1d"].total == total * 24


def test_a_wrong_password_is_named_and_not_shown(url, tmp_path):
    with pytest.raises(PrometheusUnreachable) as caught:
        built(url, "nobody", tmp_path)
    assert "wants credentials, or other ones" in caught.value.message
    assert "prometheus.basic_auth" in caught.value.message
    assert ENV["WRONG"] not in f"{caught.value.message}{caught.value.hint}"
