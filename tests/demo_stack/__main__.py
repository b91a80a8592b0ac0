"""`make demo-stack`: the commands, users and folders of demo/docker-compose.yml without containers.

Runs the services in their order, on free loopback ports: a real Prometheus over the demo's history, builds every
minute, and nginx in front. As root, each command runs as the user of its image. Ends with Ctrl-C, or after the first
report that nginx serves with `--once`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import yaml

HERE = Path(__file__).parents[2] / "demo"
BIN = Path(sys.executable).parent
USERS = {"sresnap-demo": "daemon", "prom/prometheus": "nobody"}
"""By image, who runs its commands. `demo` exists only in the image."""
IMAGE_FOLDERS = {"/backfill": "sresnap-demo", "/public": "sresnap-demo", "/prometheus": "prom/prometheus"}
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.errors; {user}
events {{ }}
http {{
  include /etc/nginx/mime.types; access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def main() -> int:
    """Run the stack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="End when nginx serves a report.")
    once = parser.parse_args().once
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell makes what it starts in the background ignore SIGINT
        signal.signal(number, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="sresnap-stack-") as name, contextlib.ExitStack() as running:
        folder = Path(name)
        folder.chmod(0o755)
        stack = Stack(folder, yaml.safe_load((HERE / "docker-compose.yml").read_text("utf-8"))["services"])
        with contextlib.suppress(KeyboardInterrupt):
            address = stack.start(running)
            print(f"{address}/site/ is the report, {stack.prometheus} the Prometheus behind it; Ctrl-C ends both")
            while not once:
                time.sleep(1)
    return 0


class Stack:
    """The services, with their paths and hosts on this machine."""

    def __init__(self, folder: Path, services: dict) -> None:
        self.folder, self.services = folder, services
        self.exporter, self.port, self.preview = (free_port() for _ in range(3))
        self.prometheus = f"http://127.0.0.1:{self.port}"
        self.texts = {
            "0.0.0.0": "127.0.0.1",
            "8000": str(self.exporter),
            "--config sresnap.yaml": f"--config {HERE / 'sresnap.yaml'}",
            "/etc/prometheus/prometheus.yml": str(folder / "prometheus.yml"),
            **{path: str(folder / path[1:]) for path in IMAGE_FOLDERS},
        }
        scraping = (HERE / "prometheus.yml").read_text("utf-8")
        (folder / "prometheus.yml").write_text(scraping.replace("exporter:8000", f"127.0.0.1:{self.exporter}"))
        for path, image in IMAGE_FOLDERS.items():  # an engine gives an empty volume the owner that the image says
            (folder / path[1:]).mkdir()
            if user_of(image) is not None:
                shutil.chown(folder / path[1:], user_of(image))

    def start(self, running: contextlib.ExitStack) -> str:
        """Start all services in their order; the preview's address, once it serves a report."""
        for name in ("history", "blocks"):
            with self._run(name) as process:
                if process.wait() != 0:
                    raise SystemExit(f"{name} failed")
        running.enter_context(self._run("exporter"))
        wait(f"http://127.0.0.1:{self.exporter}/-/healthy", 30)
        running.enter_context(self._run("prometheus", f"--web.listen-address=127.0.0.1:{self.port}"))
        wait(f"{self.prometheus}/-/ready", 60)
        running.enter_context(self._run("sresnap"))
        running.enter_context(self._nginx())
        address = f"http://127.0.0.1:{self.preview}"
        wait(f"{address}/site/latest.json", 120)
        return address

    def command_of(self, name: str) -> list[str]:
        """A service's command, with the paths and ports of this machine."""
        service = self.services[name]
        entry = service.get("entrypoint", ["prometheus"] if name == "prometheus" else [])
        command = service["command"]
        return [*entry, *map(self._here, shlex.split(command) if isinstance(command, str) else command)]

    @contextlib.contextmanager
    def _run(self, name: str, *more: str):
        """A service's command, until the end."""
        service = self.services[name]
        parts = [*self.command_of(name), *more]
        user = user_of(service["image"].partition(":")[0])
        group = None if user is None else pwd.getpwnam(user).pw_gid
        environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "PROMETHEUS_URL": self.prometheus}
        environment["HOME"] = str(self.folder)
        print(f"{name}: {user or 'this user'} runs {shlex.join(parts)}", flush=True)
        process = subprocess.Popen(
            parts, env=environment, user=user, group=group, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL if name == "prometheus" else None,
            start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            process.wait()

    @contextlib.contextmanager
    def _nginx(self):
        """Its workers run as www-data, and can only read what all may read."""
        user = "user www-data;" if os.geteuid() == 0 else ""
        config = self.folder / "nginx.conf"
        root = self.folder / "public"
        config.write_text(NGINX.format(folder=self.folder, port=self.preview, root=root, user=user))
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
        process = subprocess.Popen([nginx, "-c", str(config)])
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def _here(self, text: str) -> str:
        for there, here in self.texts.items():
            text = re.sub(rf"(?<![\w/]){re.escape(there)}(?!\w)", here, text)
        return text


def user_of(image: str) -> str | None:
    """Who runs an image's commands; None: this user, who is not root or whose Python no other user can run."""
    user = USERS[image]
    if os.geteuid() != 0:
        return None
    if image == "sresnap-demo":
        folders = Path(os.path.realpath(sys.executable)).parents
        return user if all(folder.stat().st_mode & 0o001 for folder in (*folders, *BIN.parents)) else None
    return user


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait(address: str, seconds: float) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError as error:
            if time.monotonic() > until:
                raise SystemExit(f"{address}: {error}") from None
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
