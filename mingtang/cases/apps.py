from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "mingtang.cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from mingtang.cases import actions, proved, telling  # noqa: F401  event types, frozen records, a listener
