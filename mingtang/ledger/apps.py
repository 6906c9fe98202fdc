from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mingtang.ledger"
    verbose_name = "日志"

    def ready(self) -> None:
        # Registers the listener and the room's event type.
        from mingtang.ledger import follower  # noqa: F401
