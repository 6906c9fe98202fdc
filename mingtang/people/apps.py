from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mingtang.people"
    verbose_name = "组织"

    def ready(self) -> None:
        from mingtang.people import actions, roster, villages  # noqa: F401  declare event types
