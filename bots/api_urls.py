"""What of the knowledge base is under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from bots import (
    api,
    categories_api,
    editing_api,
    help_api,
    imports_api,
    learning_api,
    profiles_api,
    replay_api,
    words_api,
)

router = SimpleRouter(use_regex_path=False)
router.register("articles", api.ArticleViewSet, basename="article")
router.register("unanswered-questions", learning_api.GapViewSet, basename="gap")
router.register("learned-answers", learning_api.LearnedViewSet, basename="learned-answer")
router.register("article-pairs", learning_api.PairViewSet, basename="article-pair")
router.register("bot-profiles", profiles_api.BotProfileViewSet, basename="bot-profile")
router.register("categories", categories_api.CategoryViewSet, basename="category")
router.register("stop-words", words_api.StopWordViewSet, basename="stop-word")
router.register("synonyms", words_api.SynonymsViewSet, basename="synonyms")
router.register("imports", imports_api.ImportViewSet, basename="import")

_replays: list[URLPattern] = [
    path("", replay_api.OneReplay.as_view(), name="replay"),
    path(
        "questions/",
        replay_api.ReplayQuestions.as_view({"get": "list"}),
        name="replay-questions",
    ),
    path("override/", replay_api.ReplayOverride.as_view(), name="replay-override"),
]
_life: list[URLPattern] = [
    path("replays/", replay_api.ArticleReplays.as_view(), name="article-replays"),
    path("draft/", editing_api.ArticleDraft.as_view(), name="article-draft"),
    path("publish/", editing_api.ArticlePublish.as_view(), name="article-publish"),
    path("versions/", editing_api.ArticleVersions.as_view(), name="article-versions"),
    path("versions/<int:number>/", editing_api.ArticleVersion.as_view(), name="article-version"),
    path(
        "versions/<int:number>/restore/",
        editing_api.ArticleRestore.as_view(),
        name="article-restore",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("articles/<uuid:key>/", include(_life)),
    path("search-weights/", words_api.SearchWeightsView.as_view(), name="search-weights"),
    path("help/search/", help_api.HelpSearch.as_view(), name="help-search"),
    path("replays/<uuid:replay>/", include(_replays)),
    path("replay-rule/", replay_api.TheRule.as_view(), name="replay-rule"),
    path("help/articles/<uuid:key>/", help_api.HelpArticle.as_view(), name="help-article"),
    path("help/articles/<uuid:key>/vote/", help_api.HelpVote.as_view(), name="help-vote"),
]
