from django.apps import AppConfig


class BankingConfig(AppConfig):
    name = "contactcenter.demo.packs.banking"
    label = "demo_banking"
    verbose_name = "Demo: banking"
