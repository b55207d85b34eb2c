from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "assist"
    verbose_name = "Help for agents"

    def ready(self) -> None:
        from assist import receivers  # noqa: F401 -- app ready
        from assist.actions.outgoing import HouseRules
        from conversations.outgoing import take_guard

        take_guard(HouseRules())
