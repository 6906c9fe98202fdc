from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingtang.cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from mingtang.cases import actions, proved  # noqa: F401  declares event types, registers frozen records
