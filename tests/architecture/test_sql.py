"""All SQL stands in modules or packages named `tables` and `repository`."""

import ast
from pathlib import PurePosixPath

from tests.architecture.source import Module, modules

# The engine with its driver and pragmas, and the schema's history, are SQL by nature.
ALSO = ("storage/database.py", "storage/sqlite.py", "samenspraak/migrations/")
# What is passed on and caught elsewhere.
HARMLESS = {"AsyncConnection", "Connection", "IntegrityError", "OperationalError", "SQLAlchemyError", "DBAPIError"}
RUNS_SQL = {"execute", "executemany", "executescript", "exec_driver_sql", "scalar", "scalars", "stream_scalars"}


def may_hold_sql(path: PurePosixPath) -> bool:
    return bool({"tables", "repository"} & {*path.parts, path.stem})


def elsewhere() -> list[Module]:
    return [module for module in modules() if not may_hold_sql(module.path) and not module.lies_in(*ALSO)]


def test_statements_are_built_nowhere_else() -> None:
    strays = [
        f"{module.path}:{found.line} {found.name or found.module}"
        for module in elsewhere()
        for found in module.imports()
        if found.library in {"sqlalchemy", "sqlite3", "aiosqlite", "psycopg"} and found.name not in HARMLESS
    ]
    assert not strays


def test_statements_are_executed_nowhere_else() -> None:
    strays = [
        f"{module.path}:{call.lineno}"
        for module in elsewhere()
        for call in module.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in RUNS_SQL
    ]
    assert not strays
