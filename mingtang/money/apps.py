from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "mingtang.money"
    verbose_name = "收费"

    def ready(self) -> None:
        from mingtang.money import actions, proved  # noqa: F401  declares event types, registers told rows
