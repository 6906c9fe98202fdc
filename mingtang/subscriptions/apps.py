from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "mingtang.subscriptions"

    def ready(self) -> None:
        from mingtang.subscriptions import bounces, telling  # noqa: F401 (declares event types, words and the listener)
