from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mingtang.ledger"
    verbose_name = "日志"
