"""The console's addresses, below `/console/`."""

from django.urls import path

from agents import turns_views, views

app_name = "console"
urlpatterns = [
    path("", views.console, name="console"),
    path("worker.js", views.worker, name="worker"),
    path("wall/", views.wall, name="wall"),
    path("why/<uuid:key>/", turns_views.why, name="why"),
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
]
