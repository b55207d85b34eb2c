"""What an editor looks for in the list of articles."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from bots.help_centre.helpfulness import FEW
from bots.models import Article


class StandingFilter(SimpleListFilter):
    title = "state"
    parameter_name = "standing"

    def lookups(self, _request: HttpRequest, _page: Any) -> list[tuple[str, str]]:
        return [
            ("draft", "Draft"),
            ("live", "Live"),
            ("changed", "Live, with changes"),
            ("planned", "With a date"),
            ("archived", "Archived"),
        ]

    def queryset(self, _request: HttpRequest, found: QuerySet[Article]) -> QuerySet[Article]:
        published = {"state": Article.State.PUBLISHED}
        match self.value():
            case "draft":
                return found.filter(state=Article.State.DRAFT)
            case "live":
                return found.filter(**published)
            case "changed":
                return found.filter(draft__isnull=False, **published)
            case "planned":
                return found.exclude(publish_at=None, expires_at=None)
            case "archived":
                return found.filter(state=Article.State.ARCHIVED)
        return found


class HelpfulFilter(SimpleListFilter):
    title = "readers' votes"
    parameter_name = "helped"

    def lookups(self, _request: HttpRequest, _page: Any) -> list[tuple[str, str]]:
        return [
            ("mostly", "Helped most"),
            ("seldom", "Helped fewer than half"),
            ("few", f"Fewer than {FEW} votes"),
        ]

    def queryset(self, _request: HttpRequest, found: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "mostly":
                return found.filter(votes__gte=FEW, share_helpful__gte=0.5)
            case "seldom":
                return found.filter(votes__gte=FEW, share_helpful__lt=0.5)
            case "few":
                return found.filter(votes__lt=FEW)
        return found
