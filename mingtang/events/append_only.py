"""Database triggers that keep rows as they were written, on SQLite and PostgreSQL alike."""

from django.db import migrations

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION mingtang_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
"""
_POSTGRES = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION mingtang_refuse();
"""
_POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION mingtang_refuse();
"""


class AppendOnly(migrations.RunPython):
    """Refuse UPDATE, DELETE (and PostgreSQL's TRUNCATE) on a table.

    ``when`` narrows it to a condition over ``OLD``, for tables whose rows freeze at some point.
    """

    def __init__(self, table: str, when: str = "") -> None:
        self.table, self.when = table, when
        super().__init__(self._create, self._drop)

    def deconstruct(self):
        return (self.__class__.__qualname__, [self.table, self.when], {})

    def _create(self, apps, editor):
        when = f"WHEN ({self.when})" if self.when else ""
        if editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                editor.execute(_SQLITE.format(table=self.table, verb=verb, VERB=verb.upper(), when=when))
            return
        editor.execute(_POSTGRES_FUNCTION, params=None)
        for verb in ("update", "delete"):
            editor.execute(_POSTGRES.format(table=self.table, verb=verb, VERB=verb.upper(), when=when))
        if not self.when:
            editor.execute(_POSTGRES_TRUNCATE.format(table=self.table))

    def _drop(self, apps, editor):
        for verb in ("update", "delete", "truncate"):
            tail = "" if editor.connection.vendor == "sqlite" else f" ON {self.table}"
            editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_no_{verb}{tail}")
