from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "conversations.surveys"
    label = "surveys"
    verbose_name = "Surveys"
