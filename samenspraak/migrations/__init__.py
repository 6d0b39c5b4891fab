"""The schema's history; `upgrade` brings a database to the present one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

from storage.database import driver_url, prepare_sqlite


def _engine(url: str) -> Engine:
    engine = create_engine(driver_url(url, synchronous=True))
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    return engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def upgrade(url: str) -> None:
    """Bring the schema up to date; does nothing when it is. All steps or, on an error, none."""
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def is_current(url: str) -> bool:
    """Whether this database has the schema that this version of the application needs."""
    return present(url) == ScriptDirectory.from_config(_config()).get_current_head()


def present(url: str) -> str | None:
    """The number of the last migration of this database; None where there was none."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def knows(revision: str) -> bool:
    """Whether a database of this migration can be brought to the present schema."""
    return revision in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}
