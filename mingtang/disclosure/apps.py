from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "mingtang.disclosure"
    verbose_name = "政府信息"

    def ready(self) -> None:
        # Declare event types, register what is proved.
        from mingtang.disclosure import actions, proved, proved_columns  # noqa: F401
