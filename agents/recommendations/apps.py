from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    name = "agents.recommendations"
    label = "recommendations"
    verbose_name = "Recommendations"

    def ready(self) -> None:
        from agents.reads.books import keep_books
        from agents.recommendations.actions.erasing import EventsOfTheUnseen
        from agents.recommendations.reads.audiences import Segments
        from bots import audiences

        keep_books(EventsOfTheUnseen())
        audiences.join(Segments())
