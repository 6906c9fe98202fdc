from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "mingtang.agents"
    verbose_name = "帮办代办"

    def ready(self) -> None:
        from mingtang.agents import actions, proved  # noqa: F401  event types, told rows
