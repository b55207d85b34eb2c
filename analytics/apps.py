from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = "Quality"

    def ready(self) -> None:
        from agents.reads.wall import take_today
        from analytics.reports.wall import today

        take_today(today)
