from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "mingtang.notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from mingtang.notices import actions, wording  # noqa: F401  declares event types
