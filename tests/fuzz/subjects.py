"""Everything that is tried."""

from tests.fuzz.answers import Answers, Builds, Decoding
from tests.fuzz.configurations import Configuration, Environment
from tests.fuzz.stored_files import HistoryDays, Kept, Snapshots
from tests.fuzz.subject import Subject
from tests.fuzz.targets import GitTrees, Published

ALL: tuple[type[Subject], ...] = (
    Configuration, Environment, Decoding, Answers, Builds, Snapshots, Published, Kept, HistoryDays, GitTrees,
)  # fmt: skip
