from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Columns that may be empty: SQLite adds them without building the guarded table anew.
    dependencies = [("disclosure", "0004_waived_by_nobody"), ("files", "0002_reading")]
    operations = [
        migrations.AddField(
            "edition",
            "reader",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="附件的读法"),
        ),
        migrations.AddField(
            "edition",
            "found_since",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="公开以后查出几处"),
        ),
        migrations.AddIndex(
            "edition",
            models.Index(condition=Q(found_since__gt=0), fields=["document"], name="disclosure_found_since"),
        ),
    ]
