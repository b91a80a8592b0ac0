"""Azurite, Microsoft's emulator of Azure Blob Storage, on this machine. `make soak` installs it."""

from __future__ import annotations

import base64
import contextlib
import email.utils
import hashlib
import hmac
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.integration.object_stores import free_port

PROGRAM = Path(sys.executable).parents[1] / "azurite/node_modules/.bin/azurite-blob"
CONTAINER = "box"
# The one account that each Azurite has, with the key from its documentation.
_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@contextlib.contextmanager
def azurite(folder: Path):
    """The variables that lead to an Azurite with an empty container."""
    port = free_port()
    address = ["--blobHost", "127.0.0.1", "--blobPort", str(port)]
    quiet = ["--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, *address, *quiet], cwd=folder, stdout=log, stderr=log)
    endpoint = f"http://127.0.0.1:{port}/{_ACCOUNT}"
    try:
        _wait(port, process, folder / "log")
        _make_container(endpoint)
        yield {
            "AZURE_STORAGE_ACCOUNT_NAME": _ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": _KEY,
            "AZURE_STORAGE_ENDPOINT": endpoint,
        }
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def _make_container(endpoint: str) -> None:
    """Create a container by a signed request, as obstore creates none."""
    headers = {"x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    lines = ["PUT", *[""] * 11, *(f"{name}:{value}" for name, value in headers.items())]
    text = "\n".join([*lines, f"/{_ACCOUNT}/{_ACCOUNT}/{CONTAINER}", "restype:container"])
    digest = hmac.new(base64.b64decode(_KEY), text.encode(), hashlib.sha256).digest()
    headers["Authorization"] = f"SharedKey {_ACCOUNT}:{base64.b64encode(digest).decode()}"
    request = urllib.request.Request(f"{endpoint}/{CONTAINER}?restype=container", method="PUT", headers=headers)
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201
