from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "mingtang.portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from mingtang.lib.form_words import speak_plainly
        from mingtang.portal import findable, keys  # noqa: F401  registers listeners and search sources

        speak_plainly()  # on both sites
