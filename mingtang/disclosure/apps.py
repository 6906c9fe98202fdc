from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "mingtang.disclosure"
    verbose_name = "政府信息"

    def ready(self) -> None:
        from mingtang.disclosure import actions, proved  # noqa: F401  declares event types, registers frozen records
