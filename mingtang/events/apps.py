from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EventsConfig(AppConfig):
    name = "mingtang.events"
    verbose_name = "事件"

    def ready(self) -> None:
        from mingtang.events.append_only import restore

        post_migrate.connect(restore, sender=self, dispatch_uid="events.append_only")
