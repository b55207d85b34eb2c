from django.apps import AppConfig


class RetailConfig(AppConfig):
    name = "contactcenter.demo.packs.retail"
    label = "demo_retail"
    verbose_name = "Demo: retail"
