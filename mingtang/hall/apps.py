from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "mingtang.hall"
    verbose_name = "大厅"
