from django.apps import AppConfig


class UtilitiesConfig(AppConfig):
    name = "mingtang.utilities"
    verbose_name = "公用单位"

    def ready(self) -> None:
        from mingtang.utilities import interruptions, proved, tenants  # noqa: F401  declares event types and what is proved
