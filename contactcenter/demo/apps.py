from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "contactcenter.demo"
    label = "demo"
    verbose_name = "Demo shop"

    def ready(self) -> None:
        from agents.recommendations.actions.gathering import join
        from contactcenter.demo.recommending import Shop

        join(Shop())
