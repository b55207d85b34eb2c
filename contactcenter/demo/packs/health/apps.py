from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "contactcenter.demo.packs.health"
    label = "demo_health"
    verbose_name = "Demo: health"
