"""The public help centre."""

from django.urls import URLPattern, path

from bots.help_centre import views

app_name = "help"
urlpatterns: list[URLPattern] = [
    path("", views.help_centre, name="home"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("feed/", views.feed, name="feed"),
    path("<uuid:key>/", views.help_article, name="article"),
    path("<uuid:key>/vote/", views.help_vote, name="vote"),
]
