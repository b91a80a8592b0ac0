"""Object stores on this machine: two that honour conditional writes and one that ignores them."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

BIN = Path(sys.executable).parent
KEY, SECRET = "ACCESSKEYLONG", "SECRETKEYLONG"
BUCKET = "bucket"
_ATTEMPTS = 4
_USERS = [
    {"name": "tests", "actions": ["Admin"], "credentials": [{"accessKey": KEY, "secretKey": SECRET}]},
    {"name": "anonymous", "actions": ["Admin"]},
]
_OPEN = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{BUCKET}/*"}]}
"""A policy of the bucket: anyone may do anything with its objects."""
CREDENTIALS = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}


def free_port() -> int:
    """A port below the ones that the system gives to clients. SeaweedFS also takes the port 10,000 above it."""
    while True:
        port = random.randrange(12_000, 22_000)
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", port))
            two.bind(("127.0.0.1", port + 10_000))
            return port


@contextlib.contextmanager
def store(kind: str, folder: Path) -> Iterator[str]:
    """The endpoint of a store that has a bucket: `rclone`, `moto` or `seaweedfs`.

    They answer unsigned requests, with which tests look at them. SeaweedFS checks the signatures of signed ones.
    """
    for attempt in range(_ATTEMPTS):
        own = folder / str(attempt)
        own.mkdir(parents=True)
        url, process = _start(kind, own)
        try:
            # Another process may take a free port before the store listens. The store then ends, and the next try
            # uses other ports.
            if not _make_bucket(url, process, own / "log", is_last=attempt == _ATTEMPTS - 1):
                continue
            yield url
            return
        finally:
            _stop(process)


def _start(kind: str, folder: Path) -> tuple[str, subprocess.Popen]:
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(_command(kind, port, folder), stdout=log, stderr=log)
    return f"http://127.0.0.1:{port}", process


def _stop(process: subprocess.Popen) -> None:
    process.kill()  # SeaweedFS would take seconds for an orderly end, and nobody reads what a store has written
    process.wait()


def _command(kind: str, port: int, folder: Path) -> list[str]:
    if kind == "moto":
        return [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    if kind == "rclone":
        (folder / "data").mkdir()
        return [str(BIN / "rclone"), "serve", "s3", "--addr", f"127.0.0.1:{port}", str(folder / "data")]
    # By default it uses port + 10000 for gRPC as well, which may be taken or invalid.
    parts = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
    others = [f"-{part}={free_port()}" for part in (*parts, "s3.port.grpc")]
    # Ports that are the same for all who run it, and reports to its makers.
    others += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
    small = ("-master.volumeSizeLimitMB=64", "-master.peers=none")  # a single master elects no leader
    (folder / "users.json").write_text(json.dumps({"identities": _USERS}))
    weed = [str(BIN / "weed"), f"-logdir={folder}", "server", f"-dir={folder}", "-ip=127.0.0.1"]
    return [*weed, "-s3", f"-s3.port={port}", f"-s3.config={folder}/users.json", *others, *small]


def _make_bucket(url: str, process: subprocess.Popen, log: Path, *, is_last: bool) -> bool:
    """Whether the store started. The last try reports why not."""
    until = time.monotonic() + 30
    with httpx.Client(base_url=url, verify=False) as client:  # it loads no certificates, which takes longest
        while True:
            if process.poll() is not None:
                assert not is_last, log.read_text()
                return False
            try:
                client.put(f"/{BUCKET}")
                client.put(f"/{BUCKET}?policy", json=_OPEN)
                if client.put(f"/{BUCKET}/ready", content=b"1").is_success:
                    client.delete(f"/{BUCKET}/ready")
                    return True
            except httpx.TransportError:
                pass
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)


@contextlib.contextmanager
def environment(url: str):
    """The variables that lead to a store."""
    before = dict(os.environ)
    os.environ.update({**CREDENTIALS, "AWS_ENDPOINT_URL": url})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
