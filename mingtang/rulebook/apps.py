from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "mingtang.rulebook"
    verbose_name = "事项"

    def ready(self) -> None:
        from mingtang.rulebook import actions, enclosed, proved, slips, wanted  # noqa: F401  what rooms below ask for
        from mingtang.rulebook.laws import actions as laws  # noqa: F401  declares event types
        from mingtang.rulebook.powers import actions as powers  # noqa: F401  declares event types
        from mingtang.rulebook.powers import cleanup  # noqa: F401  declares event types
