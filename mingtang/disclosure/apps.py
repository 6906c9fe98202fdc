from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "mingtang.disclosure"
    verbose_name = "政府信息"

    def ready(self) -> None:
        # Declare event types, register what is proved and what a story may be taken from.
        from mingtang.disclosure import (  # noqa: F401
            actions,
            masking,
            proved,
            proved_columns,
            proved_derived,
            proved_draws,
            proved_guide,
            proved_links,
            proved_outside,
            proved_penalties,
            proved_review,
            proved_stories,
            proved_validity,
            proved_withheld,
            proved_words,
            reach,
        )
        from mingtang.disclosure.stories import kinds_of_source  # noqa: F401
