from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "agents"
    verbose_name = "People and queues"

    def ready(self) -> None:
        from agents import receivers, settings_watch  # noqa: F401 -- app ready
        from agents.actions.desk import PeoplesDesk
        from agents.socket.board import board
        from conversations import hub
        from conversations.people import take_desk

        take_desk(PeoplesDesk())

        hub.on_start.append(board)
