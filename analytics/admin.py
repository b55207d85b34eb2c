"""From a number in a report to the conversations behind it: one more filter of their list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from analytics.period import BadPeriod, Period, between
from analytics.reports.behind import NoSuchNumber, in_words, narrow
from analytics.reports.scope import Scope
from conversations.admin import ConversationAdmin
from conversations.models import Conversation
from inboxes.models import Inbox

_PARAMETERS = ("behind", "detail", "from", "to", "inbox")


class BehindANumber(admin.ListFilter):
    """Follows the links of the reports; says which number, and how to see all again."""

    title = "number in the reports"
    template = "reports/_behind_filter.html"
    is_behind_a_number = True

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[Conversation],
        model_admin: "admin.ModelAdmin[Conversation]",
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.given = {name: params.pop(name)[-1] for name in _PARAMETERS if name in params}
        self.used_parameters.update(self.given)

    def has_output(self) -> bool:
        return "behind" in self.given

    def expected_parameters(self) -> list[str | None]:
        return list(_PARAMETERS)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        try:
            period = self._period(timezone.now())
        except BadPeriod:
            period = None  # a message says so already
        yield {
            "selected": True,
            "period": period,
            "query_string": changelist.get_query_string(remove=list(_PARAMETERS)),
            "display": in_words(self.given.get("behind", ""), self.given.get("detail", "")),
        }

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Conversation]
    ) -> QuerySet[Conversation]:
        if "behind" not in self.given:
            return queryset
        try:
            return self._narrowed(queryset)
        except BadPeriod as bad:
            messages.warning(request, bad.detail)
        except NoSuchNumber:
            messages.warning(request, "No report has such a number.")
        return queryset.none()

    def _period(self, at: datetime) -> Period:
        return between(self.given.get("from", ""), self.given.get("to", ""), at=at)

    def _narrowed(self, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        at = timezone.now()
        period = self._period(at)
        inbox = None
        if key := self.given.get("inbox", ""):
            inbox = Inbox.objects.filter(key=key).values_list("pk", flat=True).first()
            if inbox is None:
                return queryset.none()
        scope = Scope(period, at, inbox)
        return narrow(queryset, self.given["behind"], self.given.get("detail", ""), scope)


# Facts go up and imports go down: the list is the lower room's, the reports are ours.
ConversationAdmin.list_filter = (BehindANumber, *ConversationAdmin.list_filter)
ConversationAdmin.list_before_template = "reports/_behind_note.html"
