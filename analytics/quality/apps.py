from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "analytics.quality"
    label = "quality"
    verbose_name = "Score cards"
