"""The admin's look and its side bar, grouped by what people come to do."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy

_REPORTS = "analytics.see_reports"


class _Place(NamedTuple):
    """A list page of the admin: its model, the word for it, and its sign."""

    model: str
    title: str
    icon: str


_GROUPS: Sequence[tuple[str, Sequence[_Place]]] = (
    (
        "Knowledge",
        (
            _Place("bots.Article", "Articles", "article"),
            _Place("bots.Category", "Categories", "shelves"),
            _Place("bots.Import", "Import", "upload_file"),
            _Place("bots.Synonyms", "Synonyms", "join_inner"),
            _Place("bots.StopWord", "Stop words", "do_not_disturb_on"),
            _Place("bots.SearchWeights", "Search weights", "tune"),
            _Place("bots.Gap", "Unanswered questions", "help_center"),
            _Place("bots.LearnedPair", "Learned answers", "school"),
            _Place("bots.ArticlePair", "Duplicates", "difference"),
            _Place("bots.Replay", "Replays", "replay"),
        ),
    ),
    (
        "Automation",
        (
            _Place("bots.BotProfile", "Bots", "smart_toy"),
            _Place("bots.BotTrace", "Turns of bots", "timeline"),
            _Place("bots.TrainingExample", "Training examples", "menu_book"),
            _Place("bots.FeelingAppeal", "Feelings", "sentiment_neutral"),
            _Place("bots.Procedure", "Procedures", "account_tree"),
            _Place("bots.ProcedureVersion", "Versions of procedures", "difference"),
            _Place("bots.ProcedureRun", "Runs of procedures", "directions_run"),
            _Place("bots.Connection", "Connections", "cable"),
            _Place("bots.TrainingRun", "Trainings", "exercise"),
            _Place("bots.Adapter", "Adapters", "model_training"),
            _Place("bots.Refit", "Refits", "balance"),
            _Place("assist.OutgoingRule", "What is not sent", "block"),
        ),
    ),
    (
        "People and queues",
        (
            _Place("agents.Agent", "Agents", "badge"),
            _Place("agents.Team", "Teams", "groups"),
            _Place("agents.Queue", "Queues", "line_start_circle"),
            _Place("agents.Policy", "Routing rules", "alt_route"),
            _Place("agents.Skill", "Skills", "school"),
            _Place("agents.Schedule", "Schedules", "schedule"),
            _Place("agents.WrapUpCode", "Wrap-up codes", "task_alt"),
            _Place("agents.StateReason", "Away reasons", "coffee"),
            _Place("auth.Group", "Roles", "shield_person"),
            _Place("agents.CannedReply", "Canned replies", "quickreply"),
            _Place("agents.Macro", "Macros", "bolt"),
        ),
    ),
    (
        "Cases",
        (
            _Place("conversations.Company", "Companies", "domain"),
            _Place("conversations.Label", "Labels", "label"),
            _Place("conversations.AttributeDefinition", "Fields", "edit_note"),
            _Place("conversations.ChecklistTemplate", "Checklists", "checklist"),
        ),
    ),
    (
        "Recommendations",
        (
            _Place("recommendations.Item", "Products and services", "sell"),
            _Place("recommendations.Segment", "Segments", "groups_2"),
            _Place("recommendations.OfferRules", "Offer rules", "tune"),
            _Place("recommendations.Showing", "What was shown", "visibility"),
            _Place("recommendations.ServedModel", "Recommenders", "model_training"),
        ),
    ),
    (
        "Inboxes",
        (_Place("inboxes.Inbox", "Inboxes", "inbox"),),
    ),
    (
        "Quality",
        (
            _Place("conversations.Conversation", "Conversations", "forum"),
            _Place("conversations.Customer", "Customers", "person"),
            _Place("conversations.Callback", "Callbacks", "phone_callback"),
            _Place("callbacks.Call", "Calls", "call_log"),
            _Place("callbacks.CallRules", "Rules for calls", "rule_settings"),
            _Place("callbacks.CallFit", "Learnt from calls", "psychology"),
            _Place("conversations.Rating", "Ratings", "star"),
            _Place("surveys.Review", "Bad ratings", "rate_review"),
            _Place("surveys.Survey", "Surveys", "ballot"),
            _Place("satisfaction.Forecast", "Expected satisfaction", "online_prediction"),
            _Place("satisfaction.Fit", "Learnt from ratings", "model_training"),
            _Place("surveys.Invitation", "Answers to surveys", "how_to_vote"),
            _Place("topics.Topic", "Names of topics", "sell"),
            _Place("quality.ScoreCard", "Score cards", "fact_check"),
            _Place("quality.Reliability", "Agreement with people", "balance"),
            _Place("assist.Suggestion", "Suggestions", "tips_and_updates"),
            _Place("assist.SentAnyway", "Sent anyway", "gpp_maybe"),
            _Place("agents.Offer", "Offers", "contact_phone"),
            _Place("agents.Assignment", "Assignments", "assignment_ind"),
            _Place("agents.SupervisionSession", "Supervision", "visibility"),
            _Place("agents.PresenceChange", "Presence changes", "calendar_clock"),
        ),
    ),
    (
        "Shop",
        (
            _Place("demo.Product", "Products", "storefront"),
            _Place("demo.Order", "Orders", "package_2"),
            _Place("demo_retail.Return", "Returns", "assignment_return"),
            _Place("demo_packs.Business", "Demo businesses", "holiday_village"),
        ),
    ),
    (
        "Demo businesses",
        (
            _Place("demo_banking.Card", "Bank cards", "credit_card"),
            _Place("demo_banking.LoanApplication", "Loan applications", "request_quote"),
            _Place("demo_telecom.Subscriber", "Telephone contracts", "sim_card"),
            _Place("demo_telecom.FaultReport", "Fault reports", "signal_disconnected"),
            _Place("demo_telecom.Complaint", "Complaints", "sentiment_dissatisfied"),
            _Place("demo_health.Appointment", "Appointments", "event"),
            _Place("demo_health.Refill", "Prescriptions", "medication"),
            _Place("demo_travel.Booking", "Flight bookings", "flight"),
            _Place("demo_restaurant.Reservation", "Tables", "table_restaurant"),
            _Place("demo_restaurant.FoodOrder", "Food orders", "takeout_dining"),
        ),
    ),
    (
        "System",
        (
            _Place("agents.ApiToken", "API tokens", "key"),
            _Place("agents.DataRequest", "Data requests", "privacy_tip"),
            _Place("admin.LogEntry", "Log of changes", "history"),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar: what this person may see, and nothing else."""
    groups = [_top(request)]
    for title, places in _GROUPS:
        items = [item for place in places if (item := _item(place, request))]
        if title == "Knowledge" and request.user.has_perm(_REPORTS):
            link = reverse_lazy("analytics:knowledge")
            items.append({"title": "Readers", "icon": "auto_stories", "link": link})
        if title == "Quality" and request.user.has_perm("quality.see_scores"):
            items[:0] = [
                {
                    "title": "Quality",
                    "icon": "verified",
                    "link": reverse_lazy("analytics:quality"),
                },
                {"title": "Scores", "icon": "rule", "link": reverse_lazy("quality:scores")},
            ]
        if title == "Quality" and request.user.has_perm(_REPORTS):
            link = reverse_lazy("analytics:topics")
            items.insert(0, {"title": "Topics", "icon": "bubble_chart", "link": link})
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups


def _top(request: HttpRequest) -> dict[str, Any]:
    items: list[dict[str, Any]] = [
        {"title": "Overview", "icon": "home", "link": reverse_lazy("admin:index")}
    ]
    if request.user.has_perm(_REPORTS):
        items.append(
            {
                "title": "Reports",
                "icon": "monitoring",
                "link": reverse_lazy("analytics:reports"),
                # The pages below it have places of their own.
                "active": lambda request: request.path == reverse("analytics:reports"),
            }
        )
    return {"title": "", "items": items}


def _item(place: _Place, request: HttpRequest) -> dict[str, Any] | None:
    from django.apps import apps
    from django.contrib import admin

    model = apps.get_model(place.model)
    if not admin.site.is_registered(model):
        return None
    page = admin.site.get_model_admin(model)
    if not page.has_view_permission(request):
        return None
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"
    return {"title": place.title, "icon": place.icon, "link": reverse_lazy(name)}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Contact centre",
    "SITE_HEADER": "Contact centre",
    "SITE_SUBHEADER": "Set-up and quality",
    "SITE_SYMBOL": "forum",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("img/console-mark.svg"),
        }
    ],
    "SITE_URL": "/console/",
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_HISTORY": True,
    "BORDER_RADIUS": "6px",
    "STYLES": [lambda _request: static("css/admin.css")],
    "COLORS": {
        # The same accent as everywhere else in the house.
        "primary": {
            "50": "#f2f5fe",
            "100": "#e9effd",
            "200": "#cddaf9",
            "300": "#bccdf7",
            "400": "#9db8ff",
            "500": "#6f92f2",
            "600": "#2f56c6",
            "700": "#2749ae",
            "800": "#213e92",
            "900": "#1f2a45",
            "950": "#141c30",
        },
    },
    "DASHBOARD_CALLBACK": "analytics.views.overview",
    "LOGIN": {"form": "agents.forms.AdminSignIn"},
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": navigation,
    },
}
