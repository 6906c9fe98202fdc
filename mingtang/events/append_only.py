"""Database triggers that keep rows as they were written, on SQLite and PostgreSQL alike."""

from typing import Any

from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION mingtang_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
"""
_POSTGRES = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} FOR EACH ROW EXECUTE FUNCTION mingtang_refuse();
"""
_SQLITE_FROZEN = """
CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN ({when}) AND ({changed})
BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END;
"""
_POSTGRES_FROZEN = """
CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW WHEN (({when}) AND ({changed}))
EXECUTE FUNCTION mingtang_refuse();
"""
_SQLITE_BARRED = """
CREATE TRIGGER {table}_barred_{verb} AFTER {VERB} ON {table} WHEN {when}
BEGIN SELECT RAISE(ABORT, '{table} is barred'); END;
"""
# PostgreSQL takes no subquery in WHEN.
_POSTGRES_BARRED = """
CREATE OR REPLACE FUNCTION {table}_barred() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF {when} THEN RAISE EXCEPTION '{table} is barred' USING ERRCODE = 'check_violation'; END IF;
RETURN NULL;
END $$;
"""
_POSTGRES_BARS = """
CREATE TRIGGER {table}_barred_{verb} AFTER {VERB} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_barred();
"""
_POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION mingtang_refuse();
"""


class _Guard(Operation):
    """A migration operation that is nothing but its SQL, so that ``restore`` can run the same again.

    It looks at no model: an operation that did would have Django render all of them anew, each time.
    """

    table: str

    def making(self, vendor: str) -> list[str]:
        raise NotImplementedError

    def unmaking(self, vendor: str) -> list[str]:
        raise NotImplementedError

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        # What an earlier migration declared for the table gives way.
        vendor = schema_editor.connection.vendor
        for statement in self.unmaking(vendor) + self.making(vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for statement in self.unmaking(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self):
        return f"{type(self).__name__} {self.table}"


class AppendOnly(_Guard):
    """Refuse UPDATE, DELETE and PostgreSQL's TRUNCATE on a table."""

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self):
        return (self.__class__.__qualname__, [self.table], {})

    def making(self, vendor: str) -> list[str]:
        template = _SQLITE if vendor == "sqlite" else _POSTGRES
        made = [template.format(table=self.table, verb=verb, VERB=verb.upper()) for verb in ("update", "delete")]
        if vendor == "sqlite":
            return made
        return [_POSTGRES_FUNCTION, *made, _POSTGRES_TRUNCATE.format(table=self.table)]

    def unmaking(self, vendor: str) -> list[str]:
        tail = "" if vendor == "sqlite" else f" ON {self.table}"
        return [f"DROP TRIGGER IF EXISTS {self.table}_no_{verb}{tail}" for verb in ("update", "delete", "truncate")]


class Undeletable(_Guard):
    """Refuse DELETE and PostgreSQL's TRUNCATE on a table whose rows may change."""

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self):
        return (self.__class__.__qualname__, [self.table], {})

    def making(self, vendor: str) -> list[str]:
        template = _SQLITE if vendor == "sqlite" else _POSTGRES
        made = template.format(table=self.table, verb="delete", VERB="DELETE")
        if vendor == "sqlite":
            return [made]
        return [_POSTGRES_FUNCTION, made, _POSTGRES_TRUNCATE.format(table=self.table)]

    def unmaking(self, vendor: str) -> list[str]:
        tail = "" if vendor == "sqlite" else f" ON {self.table}"
        return [f"DROP TRIGGER IF EXISTS {self.table}_no_{verb}{tail}" for verb in ("delete", "truncate")]


class Frozen(_Guard):
    """Refuse a change of ``columns`` in rows for which ``when`` (SQL over ``OLD``) holds; other columns stay free."""

    def __init__(self, table: str, columns: list[str], when: str) -> None:
        self.table, self.columns, self.when = table, columns, when

    def deconstruct(self):
        return (self.__class__.__qualname__, [self.table, self.columns, self.when], {})

    def making(self, vendor: str) -> list[str]:
        differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in self.columns)
        if vendor == "sqlite":
            return [_SQLITE_FROZEN.format(table=self.table, when=self.when, changed=changed)]
        return [_POSTGRES_FUNCTION, _POSTGRES_FROZEN.format(table=self.table, when=self.when, changed=changed)]

    def unmaking(self, vendor: str) -> list[str]:
        tail = "" if vendor == "sqlite" else f" ON {self.table}"
        return [f"DROP TRIGGER IF EXISTS {self.table}_frozen{tail}"]


class Barred(_Guard):
    """Refuse a row for which ``when`` holds: SQL over ``NEW``, by vendor, that may look into other tables."""

    def __init__(self, table: str, when: dict[str, str]) -> None:
        self.table, self.when = table, when

    def deconstruct(self):
        return (self.__class__.__qualname__, [self.table, self.when], {})

    def making(self, vendor: str) -> list[str]:
        when, verbs = self.when[vendor], ("insert", "update")
        template = _SQLITE_BARRED if vendor == "sqlite" else _POSTGRES_BARS
        made = [template.format(table=self.table, verb=verb, VERB=verb.upper(), when=when) for verb in verbs]
        return made if vendor == "sqlite" else [_POSTGRES_BARRED.format(table=self.table, when=when), *made]

    def unmaking(self, vendor: str) -> list[str]:
        tail = "" if vendor == "sqlite" else f" ON {self.table}"
        return [f"DROP TRIGGER IF EXISTS {self.table}_barred_{verb}{tail}" for verb in ("insert", "update")]


def restore(using: str = "default", **kwargs: Any) -> None:
    """Put every declared trigger back, after each migrate.

    SQLite changes a table by building it anew, and its triggers go with the old one; a migration that adds a
    constraint must not open what an earlier one has closed. The last declaration for a table holds.
    """
    connection = connections[using]
    loader = MigrationLoader(connection)
    held: dict[tuple[type, str], _Guard] = {}
    for key in sorted(loader.disk_migrations):
        if key in loader.applied_migrations:
            for operation in loader.disk_migrations[key].operations:
                if isinstance(operation, _Guard):
                    held[type(operation), operation.table] = operation
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for operation in held.values():
            for statement in operation.unmaking(connection.vendor) + operation.making(connection.vendor):
                cursor.execute(statement)
