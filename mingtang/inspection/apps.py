from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "mingtang.inspection"
    verbose_name = "网站自查"

    def ready(self) -> None:
        from mingtang.inspection import marks, proved  # noqa: F401  declares event types and what is proved
