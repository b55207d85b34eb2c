from django.apps import AppConfig


class TelecomConfig(AppConfig):
    name = "contactcenter.demo.packs.telecom"
    label = "demo_telecom"
    verbose_name = "Demo: telecom"
