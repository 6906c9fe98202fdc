from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "mingtang.boards"
    verbose_name = "公示栏"

    def ready(self) -> None:
        from mingtang.boards import actions, hanging, proved  # noqa: F401  declares event types and what is proved
