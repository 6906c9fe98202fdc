from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "mingtang.rulebook"
    verbose_name = "事项"
