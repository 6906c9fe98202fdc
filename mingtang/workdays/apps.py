from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "mingtang.workdays"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from mingtang.workdays import actions  # noqa: F401  declares event types
