from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_append_only'),
        ('rulebook', '0010_item_facts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='version',
            index=models.Index(fields=['item', 'state', 'name'], name='rulebook_versions_listed'),
        ),
        # Rows of the form before are made anew by the next `mingtang migrate`.
        migrations.AddField(
            model_name='itemfacts',
            name='window_post',
            field=models.CharField(default='', max_length=40, verbose_name='收件岗位'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='itemfacts',
            name='decider_post',
            field=models.CharField(default='', max_length=40, verbose_name='决定岗位'),
            preserve_default=False,
        ),
    ]
