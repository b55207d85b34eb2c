from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "agents.callbacks"
    label = "callbacks"
    verbose_name = "Calls back"
