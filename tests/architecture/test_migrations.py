"""The schema has one history: each step follows the one before."""

from alembic.script import ScriptDirectory

from samenspraak import migrations
from tests.architecture.source import ROOT


def test_migrations_are_numbered_without_gap_and_none_twice() -> None:
    folder = ROOT / "samenspraak/migrations"
    numbers = sorted(file.name.partition("_")[0] for file in (folder / "versions").glob("0*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_each_migration_follows_the_one_before() -> None:
    *later, first = ScriptDirectory(str(ROOT / migrations.__name__.replace(".", "/"))).walk_revisions()
    assert (first.revision, first.down_revision) == ("0001", None)
    assert all(int(one.revision) == int(str(one.down_revision)) + 1 for one in later)
