"""The pages' addresses, below `/console/scores/`."""

from django.urls import path

from analytics.quality.pages import views

app_name = "quality"
urlpatterns = [
    path("", views.scores_page, name="scores"),
    path("to-score/", views.tasks_page, name="tasks"),
    path("appeals/", views.appeals_page, name="appeals"),
    path("appeals/<uuid:key>/", views.decide_appeal, name="decide"),
    path("<uuid:key>/", views.score_page, name="score"),
    path("<uuid:key>/score/", views.review_page, name="review"),
    path("<uuid:key>/appeal/<slug:code>/", views.make_appeal, name="appeal"),
]
