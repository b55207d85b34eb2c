"""What of the knowledge base is under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from bots.api import (
    adapters,
    articles,
    categories,
    connections,
    editing,
    examples,
    helping,
    imports,
    learning,
    procedures,
    profiles,
    refits,
    replays,
    trainings,
    words,
)

router = SimpleRouter(use_regex_path=False)
router.register("articles", articles.ArticleViewSet, basename="article")
router.register("adapters", adapters.AdapterViewSet, basename="adapter")
router.register("refits", refits.RefitViewSet, basename="refit")
router.register("trainings", trainings.TrainingViewSet, basename="training")
router.register("training-examples", examples.TrainingExampleViewSet, basename="training-example")
router.register("unanswered-questions", learning.GapViewSet, basename="gap")
router.register("learned-answers", learning.LearnedViewSet, basename="learned-answer")
router.register("article-pairs", learning.PairViewSet, basename="article-pair")
router.register("bot-profiles", profiles.BotProfileViewSet, basename="bot-profile")
router.register("categories", categories.CategoryViewSet, basename="category")
router.register("stop-words", words.StopWordViewSet, basename="stop-word")
router.register("synonyms", words.SynonymsViewSet, basename="synonyms")
router.register("procedures", procedures.ProcedureViewSet, basename="procedure")
router.register("procedure-runs", procedures.RunViewSet, basename="procedure-run")
router.register("connections", connections.ConnectionViewSet, basename="connection")
router.register("imports", imports.ImportViewSet, basename="import")

_replays: list[URLPattern] = [
    path("", replays.OneReplay.as_view(), name="replay"),
    path(
        "questions/",
        replays.ReplayQuestions.as_view({"get": "list"}),
        name="replay-questions",
    ),
    path("override/", replays.ReplayOverride.as_view(), name="replay-override"),
]
_life: list[URLPattern] = [
    path("replays/", replays.ArticleReplays.as_view(), name="article-replays"),
    path(
        "proposed-questions/", editing.ArticleExamples.as_view(), name="article-proposed-questions"
    ),
    path("draft/", editing.ArticleDraft.as_view(), name="article-draft"),
    path("publish/", editing.ArticlePublish.as_view(), name="article-publish"),
    path("versions/", editing.ArticleVersions.as_view(), name="article-versions"),
    path("versions/<int:number>/", editing.ArticleVersion.as_view(), name="article-version"),
    path(
        "versions/<int:number>/restore/",
        editing.ArticleRestore.as_view(),
        name="article-restore",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("articles/<uuid:key>/", include(_life)),
    path(
        "bot-profiles/<uuid:key>/replays/",
        replays.ProfileReplays.as_view(),
        name="bot-profile-replays",
    ),
    path("search-weights/", words.SearchWeightsView.as_view(), name="search-weights"),
    path("help/search/", helping.HelpSearch.as_view(), name="help-search"),
    path("replays/<uuid:replay>/", include(_replays)),
    path("replay-rule/", replays.TheRule.as_view(), name="replay-rule"),
    path("help/articles/<uuid:key>/", helping.HelpArticle.as_view(), name="help-article"),
    path("help/articles/<uuid:key>/vote/", helping.HelpVote.as_view(), name="help-vote"),
]
