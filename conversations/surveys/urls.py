"""The survey's page; in the root of the site, since its links are in letters."""

from django.urls import path

from conversations.surveys import views

urlpatterns = [
    path("survey/<str:token>/", views.survey, name="survey"),
    path("survey/<str:token>/stop/", views.stop, name="survey-stop"),
]
