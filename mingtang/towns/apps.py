from django.apps import AppConfig


class TownsConfig(AppConfig):
    name = "mingtang.towns"
    verbose_name = "地区"
