from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "contactcenter.demo.packs"
    label = "demo_packs"
    verbose_name = "Demo businesses"

    def ready(self) -> None:
        from agents.reads.books import keep_books
        from contactcenter.demo.packs.personal import DemoBooks

        keep_books(DemoBooks())
