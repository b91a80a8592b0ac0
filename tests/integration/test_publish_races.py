"""Two publishers at once, round after round: no report that was published is ever lost."""

import os
import random
import subprocess
import threading
import time

from sresnap.errors import PublishConflict
from sresnap.publish.targets.branch import Branch
from sresnap.publish.targets.bucket import Bucket
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.lease import Timing
from tests.integration import sites
from tests.integration.object_stores import BUCKET, environment, store

TIMING = Timing(lasts=2, settles=0.1, patience=20)
ROUNDS = int(os.environ.get("ROUNDS", "3"))
"""`make soak` runs 50."""


class Publisher(threading.Thread):
    """A scheduled job on a throw-away machine each time: restore → build → publish."""

    def __init__(self, opened, folder, name, rounds, gate):
        super().__init__(name=name)
        self.opened, self.folder, self.rounds, self.gate = opened, folder, rounds, gate
        self.won, self.conflicts, self.broken = [], 0, None
        self.random = random.Random(name)  # the same timing each time, as far as threads allow

    def run(self):
        try:
            for number in range(self.rounds):
                self.gate.wait(60)
                self.round(self.folder / f"{self.name}{number}")
        except BaseException as error:  # noqa: BLE001 - raised by the thread that waits
            self.broken = error
            self.gate.abort()

    def round(self, out):
        time.sleep(self.random.random() * 0.03)
        target = self.opened()
        sites.restore(target, out, first=True)
        time.sleep(self.random.random() * 0.03)
        report = sites.build(out, 2 * len(sites.reports(out)) + (self.name == "two"), by=self.name, pages=2)
        try:
            sites.publish(target, out)
            self.won.append(report)
        except PublishConflict:
            self.conflicts += 1


def race(opened, folder, rounds=ROUNDS):
    gate = threading.Barrier(2)
    publishers = [Publisher(opened, folder, name, rounds, gate) for name in ("one", "two")]
    for publisher in publishers:
        publisher.start()
    for publisher in publishers:
        publisher.join()
        if publisher.broken is not None and not isinstance(publisher.broken, threading.BrokenBarrierError):
            raise publisher.broken
    target = opened()
    won = sorted(report for publisher in publishers for report in publisher.won)
    conflicts = sum(publisher.conflicts for publisher in publishers)
    assert len(won) + conflicts == 2 * rounds
    assert len(won) >= rounds  # each round has a winner
    assert set(sites.reports_of(target)) == set(won)
    assert sites.read_whole(target) == won[-1]
    assert sites.chain(target) == won[::-1]
    assert sites.verify(target, everything=True).wrong == ()
    return len(won), conflicts


def test_no_report_is_lost_on_object_storage_with_conditional_writes(seaweedfs, tmp_path):
    with environment(seaweedfs):
        _, conflicts = race(lambda: Bucket(f"s3://{BUCKET}/race", TIMING), tmp_path)
    assert conflicts > 0


def test_no_report_is_lost_on_object_storage_without_conditional_writes(tmp_path):
    with store("rclone", tmp_path / "store") as url, environment(url):
        _, conflicts = race(lambda: Bucket(f"s3://{BUCKET}/race", TIMING), tmp_path)
    assert conflicts > 0


def test_no_report_is_lost_in_a_folder(tmp_path):
    _, conflicts = race(lambda: Folder(tmp_path / "www"), tmp_path)
    assert conflicts > 0


def test_no_report_is_lost_on_a_branch(tmp_path):
    bare = tmp_path / "site.git"
    subprocess.run(["git", "init", "--bare", "--quiet", bare], check=True)
    _, conflicts = race(lambda: Branch(str(bare), tmp_path), tmp_path)
    assert conflicts > 0
