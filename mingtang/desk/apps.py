from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "mingtang.desk"
    verbose_name = "工作台"
