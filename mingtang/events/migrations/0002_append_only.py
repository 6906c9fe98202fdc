from django.db import migrations

from mingtang.events.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [AppendOnly("events_event"), AppendOnly("events_sequenced")]
