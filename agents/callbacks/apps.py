from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "agents.callbacks"
    label = "callbacks"
    verbose_name = "Calls back"

    def ready(self) -> None:
        from agents.callbacks import receivers  # noqa: F401 -- app ready
        from agents.callbacks.actions.booking import Bookings
        from conversations.calls import take_line

        take_line(Bookings())
