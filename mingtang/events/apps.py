from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "mingtang.events"
    verbose_name = "事件"
