from django.db import migrations

from mingtang.events.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("events", "0002_append_only")]

    operations = [AppendOnly("ledger_log"), AppendOnly("ledger_shown"), AppendOnly("ledger_checkpoint")]
