from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "mingtang.hall"
    verbose_name = "大厅"

    def ready(self) -> None:
        from mingtang.hall import actions, contacts, entry, pads, presence, proved, sites  # noqa: F401  event types, told rows
