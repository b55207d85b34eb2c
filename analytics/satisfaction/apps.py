from django.apps import AppConfig


class SatisfactionConfig(AppConfig):
    name = "analytics.satisfaction"
    label = "satisfaction"
    verbose_name = "Expected satisfaction"
