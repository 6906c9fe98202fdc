from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "mingtang.study"
    verbose_name = "学法"

    def ready(self) -> None:
        # Declare event types, register what is proved.
        from mingtang.study import proved  # noqa: F401
