from django.apps import AppConfig


class TravelConfig(AppConfig):
    name = "contactcenter.demo.packs.travel"
    label = "demo_travel"
    verbose_name = "Demo: travel"
