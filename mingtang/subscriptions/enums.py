"""Words of subscriptions."""

from django.db import models


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", "一公开就告诉我"
    DAILY = "daily", "每天早上八点一封"
    WEEKLY = "weekly", "每周一早上八点一封"
