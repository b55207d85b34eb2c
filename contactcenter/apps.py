from django.apps import AppConfig


class ContactCenterConfig(AppConfig):
    name = "contactcenter"
    verbose_name = "System"

    def ready(self) -> None:
        from contactcenter import celery  # noqa: F401 -- app ready: shared tasks need the app
