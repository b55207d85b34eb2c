"""What of the knowledge base is under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from bots import api

router = SimpleRouter(use_regex_path=False)
router.register("articles", api.ArticleViewSet, basename="article")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("help/articles/<uuid:key>/", api.HelpArticle.as_view(), name="help-article"),
]
