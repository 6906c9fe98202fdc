from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mingtang.accounts"
    verbose_name = "群众账户"

    def ready(self) -> None:
        from mingtang.accounts import actions, codes  # noqa: F401  event types
