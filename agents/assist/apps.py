from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "agents.assist"
    label = "assist"
    verbose_name = "Help for agents"

    def ready(self) -> None:
        from agents.assist import receivers  # noqa: F401 -- app ready
        from agents.assist.actions.outgoing import HouseRules
        from conversations.outgoing import take_guard

        take_guard(HouseRules())
