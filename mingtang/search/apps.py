from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "mingtang.search"
    verbose_name = "搜索"

    def ready(self) -> None:
        from mingtang.search import service  # noqa: F401  registers the listener
