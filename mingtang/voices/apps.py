from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "mingtang.voices"
    verbose_name = "诉求"

    def ready(self) -> None:
        from mingtang.voices import actions, matters, proved  # noqa: F401  declares event types and what is proved
