from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    name = "mingtang.scrutiny"
    verbose_name = "抽查和得分"

    def ready(self) -> None:
        # Declare event types, register what is proved.
        from mingtang.scrutiny import demand, limits, proved, reading, rounds, samples  # noqa: F401
