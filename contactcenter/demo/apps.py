from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "contactcenter.demo"
    label = "demo"
    verbose_name = "Demo shop"
