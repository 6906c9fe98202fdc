from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "mingtang.oversight"
    verbose_name = "任务与空白"

    def ready(self) -> None:
        # Declare event types, register what is proved and what a story may be taken from.
        from mingtang.oversight import actions, planning, proved, story_sources  # noqa: F401
