from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingtang.cases"
    verbose_name = "办件"
