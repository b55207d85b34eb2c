from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "contactcenter.demo.packs"
    label = "demo_packs"
    verbose_name = "Demo businesses"
