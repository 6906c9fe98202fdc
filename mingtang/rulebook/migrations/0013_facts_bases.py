from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rulebook', '0012_held_by_rank'),
    ]

    operations = [
        # Rows of the form before are made anew by the next `mingtang migrate`.
        migrations.AddField(
            model_name='itemfacts',
            name='bases',
            field=models.JSONField(default=list, verbose_name='依据'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='itemfacts',
            name='power_type',
            field=models.CharField(max_length=20, verbose_name='事项类型'),
        ),
    ]
