from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "mingtang.disclosure"
    verbose_name = "政府信息"
