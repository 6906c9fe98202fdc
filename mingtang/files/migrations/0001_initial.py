import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("towns", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, verbose_name="哈希")),
                ("size", models.PositiveBigIntegerField(verbose_name="大小（字节）")),
                ("kind", models.CharField(max_length=16, verbose_name="类型代码")),
                ("media_type", models.CharField(max_length=100, verbose_name="媒体类型")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("purpose", models.CharField(max_length=40, verbose_name="用途")),
                ("sealed", models.BooleanField(default=False, verbose_name="加密存放")),
                ("created_at", models.DateTimeField(verbose_name="接收时间")),
                (
                    "town",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="towns.jurisdiction",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "文件",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("town", "sha256", "name"), name="files_one_row_per_town_content_name"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="files_not_empty"),
                ],
            },
        ),
    ]
