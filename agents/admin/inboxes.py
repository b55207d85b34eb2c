"""The inbox's page with the rules that hold for what comes in there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from agents.admin.policies import rules_of
from inboxes.admin import InboxAdmin
from inboxes.models import Inbox

admin.site.unregister(Inbox)


@admin.register(Inbox)
class InboxWithRulesAdmin(InboxAdmin):
    inlines = (rules_of("inbox"),)

    def get_inlines(self, request: HttpRequest, obj: Inbox | None) -> Any:
        return self.inlines if obj else ()
