from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "mingtang.files"
    verbose_name = "文件"

    def ready(self) -> None:
        from mingtang.files import actions, leftover  # noqa: F401  declare event types
