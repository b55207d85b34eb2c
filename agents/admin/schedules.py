"""Opening hours in the admin, with the answer to the only question: are we open?"""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, TimeField
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminSingleTimeWidget

from agents.models import Holiday, OpeningHours, Policy, Schedule
from agents.reads.policies import hours_in
from conversations.hours import Hours

_TIMES: dict[Any, Any] = {TimeField: {"widget": UnfoldAdminSingleTimeWidget(format="%H:%M")}}


class OpeningHoursInline(TabularInline):
    model = OpeningHours
    formfield_overrides = _TIMES
    hide_title = True
    extra = 0
    verbose_name = "opening"
    verbose_name_plural = "opening hours, the same every week"


class HolidayInline(TabularInline):
    model = Holiday
    formfield_overrides = _TIMES
    hide_title = True
    extra = 0
    verbose_name = "day"
    verbose_name_plural = "holidays, and days with other hours"


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    time_zone = forms.ChoiceField(
        choices=[(name, name) for name in sorted(available_timezones())],
        widget=UnfoldAdminSelect2Widget,
        initial="UTC",
        help_text="All times below are in this zone.",
    )

    class Meta:
        model = Schedule
        fields = ("name", "time_zone")


def _moment(at: datetime | None, hours: Hours) -> str:
    return f"{at.astimezone(hours.zone):%a %d %b, %H:%M}" if at else "not within two months"


@admin.register(Schedule)
class ScheduleAdmin(ModelAdmin):
    form = ScheduleForm
    list_display = ("name", "time_zone", "now", "next_opening", "used")
    search_fields = ("name",)
    fields = (("name", "time_zone"), ("now", "next_opening"), "used")
    readonly_fields = ("now", "next_opening", "used")
    inlines = (OpeningHoursInline, HolidayInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Schedule]:
        rows: QuerySet[Schedule] = super().get_queryset(request)
        return rows.prefetch_related("opening_hours", "holidays")

    def get_fields(self, request: HttpRequest, obj: Schedule | None = None) -> object:
        return self.fields if obj else (("name", "time_zone"),)

    @display(description="now", label={"Open": "success", "Closed": "warning"})
    def now(self, schedule: Schedule) -> str:
        return "Open" if hours_in(schedule).is_open(timezone.now()) else "Closed"

    @display(description="opens next")
    def next_opening(self, schedule: Schedule) -> str:
        hours = hours_in(schedule)
        return _moment(hours.next_opening(timezone.now()), hours)

    @display(description="in force for")
    def used(self, schedule: Schedule) -> str:
        """A schedule does nothing until the rule “Opening hours” names it somewhere."""
        rules = Policy.objects.filter(rule="hours", value=str(schedule.uuid))
        places = [rule.scope for rule in rules]
        if not places:
            return "Nothing yet: set the rule “Opening hours” for a queue."
        rows = rules.select_related("queue", "team", "inbox", "agent")
        return ", ".join(str(r.queue or r.inbox or r.channel or "everywhere") for r in rows)
