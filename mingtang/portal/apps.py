from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mingtang.portal"
    verbose_name = "门户"
