import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0001_squashed")]
    operations = [
        migrations.CreateModel(
            "Reading",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reader", models.PositiveSmallIntegerField(verbose_name="读法")),
                ("parts", models.JSONField(verbose_name="文字")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reading", to="files.storedfile"
                    ),
                ),
            ],
            options={"verbose_name": "文件里的文字"},
        ),
    ]
