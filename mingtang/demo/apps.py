from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mingtang.demo"
    verbose_name = "演示"
