"""`sresnap restore --all`: a later build removes what builds wrote, and no file of a user."""

from sresnap.app.publish import PublishRequest, publish
from sresnap.app.restore import RestoreRequest, restore
from sresnap.documents import snapshots
from sresnap.progress import Quiet
from sresnap.publish.restore_set import Scope
from sresnap.publish.targets.folder import Folder
from tests import factories
from tests.archives import AT, put, report


def fleet(*names):
    made = factories.snapshot([factories.small_service(name) for name in names])
    return lambda: snapshots.decode(snapshots.encode(made), "snapshot")


def test_a_build_in_a_restored_folder_removes_files_of_removed_services_only(tmp_path):
    first, second, target = tmp_path / "first", tmp_path / "second", Folder(tmp_path / "target")
    put(first, report(AT, fleet("api", "web")))
    users = ("badges/mine.svg", "services/old/index.html")
    for name in users:
        (first / name).parent.mkdir(exist_ok=True)
        (first / name).write_text("mine")
    publish(target, first, AT, PublishRequest(), Quiet())
    restore(target, second, RestoreRequest(Scope(everything=True)), Quiet())
    assert (second / "services/web/index.html").exists()
    put(second, report(AT + 300, fleet("api")))
    assert [name for name in users if (second / name).exists()] == list(users)
    assert not (second / "services/web/index.html").exists()
    assert not (second / "badges/web.svg").exists()
