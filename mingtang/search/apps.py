from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "mingtang.search"
    verbose_name = "搜索"
