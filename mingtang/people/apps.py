from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mingtang.people"
    verbose_name = "组织"
