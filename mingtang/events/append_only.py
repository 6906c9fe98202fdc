"""Database triggers that keep rows as they were written, on SQLite and PostgreSQL alike."""

from django.db import migrations

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
_POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION mingtang_refuse();
"""


class AppendOnly(migrations.RunPython):
    """Refuse UPDATE, DELETE and PostgreSQL's TRUNCATE on a table."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(self._create, self._drop)

    def deconstruct(self):
        return (self.__class__.__qualname__, [self.table], {})

    def _create(self, apps, editor):
        if editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                editor.execute(_SQLITE.format(table=self.table, verb=verb, VERB=verb.upper()))
            return
        editor.execute(_POSTGRES_FUNCTION, params=None)
        for verb in ("update", "delete"):
            editor.execute(_POSTGRES.format(table=self.table, verb=verb, VERB=verb.upper()))
        editor.execute(_POSTGRES_TRUNCATE.format(table=self.table))

    def _drop(self, apps, editor):
        for verb in ("update", "delete", "truncate"):
            tail = "" if editor.connection.vendor == "sqlite" else f" ON {self.table}"
            editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_no_{verb}{tail}")


class Frozen(migrations.RunPython):
    """Refuse a change of ``columns`` in rows for which ``when`` (SQL over ``OLD``) holds; other columns stay free."""

    def __init__(self, table: str, columns: list[str], when: str) -> None:
        self.table, self.columns, self.when = table, columns, when
        super().__init__(self._create, self._drop)

    def deconstruct(self):
        return (self.__class__.__qualname__, [self.table, self.columns, self.when], {})

    def _create(self, apps, editor):
        sqlite = editor.connection.vendor == "sqlite"
        differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
        changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in self.columns)
        if not sqlite:
            editor.execute(_POSTGRES_FUNCTION, params=None)
        template = _SQLITE_FROZEN if sqlite else _POSTGRES_FROZEN
        editor.execute(template.format(table=self.table, when=self.when, changed=changed))

    def _drop(self, apps, editor):
        tail = "" if editor.connection.vendor == "sqlite" else f" ON {self.table}"
        editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_frozen{tail}")
