from django.apps import AppConfig


class BotsConfig(AppConfig):
    name = "bots"
    verbose_name = "Knowledge"

    def ready(self) -> None:
        from bots import receivers  # noqa: F401 -- app ready
