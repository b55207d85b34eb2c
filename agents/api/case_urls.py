"""The part of /api/v1/ that is about cases, customers, companies, and what asks for attention."""

from django.urls import path

from agents.api import attention as attention_api
from agents.api import cases as case_api
from agents.api import catalogue as catalogue_api
from agents.api import companies as companies_api
from agents.api import customers as customers_api
from agents.api import memory as memory_api
from agents.api import privacy as privacy_api
from agents.api import surveys as surveys_api
from agents.api import turns as turns_api
from agents.api import work as work_api

_CASE = "conversations/<uuid:key>"

urlpatterns = [
    path(f"{_CASE}/case/", case_api.CaseApi.as_view()),
    path(f"{_CASE}/attributes/", case_api.FieldsApi.as_view()),
    path(f"{_CASE}/participants/", case_api.ParticipantsApi.as_view()),
    path(f"{_CASE}/participants/<uuid:who>/", case_api.ParticipantApi.as_view()),
    path(f"{_CASE}/follow/", case_api.FollowApi.as_view()),
    path(f"{_CASE}/merge/", case_api.MergeApi.as_view()),
    path(f"{_CASE}/split/", case_api.SplitApi.as_view()),
    path(f"{_CASE}/links/", case_api.LinksApi.as_view()),
    path(f"{_CASE}/links/<uuid:link>/", case_api.LinkApi.as_view()),
    path(f"{_CASE}/mute/", case_api.MuteApi.as_view()),
    path(f"{_CASE}/turns/", turns_api.TurnsApi.as_view()),
    path(f"{_CASE}/turns/<uuid:turn>/", turns_api.TurnApi.as_view()),
    path(f"{_CASE}/turns/<uuid:turn>/reveal/", turns_api.TurnRevealApi.as_view()),
    path(f"{_CASE}/turns/<uuid:turn>/reruns/", turns_api.TurnRerunsApi.as_view()),
    path(f"{_CASE}/requests/", work_api.RequestsApi.as_view()),
    path(f"{_CASE}/requests/<uuid:wish>/", work_api.RequestApi.as_view()),
    path(f"{_CASE}/checklist/", work_api.ChecklistApi.as_view()),
    path(f"{_CASE}/checklist/<uuid:step>/", work_api.StepApi.as_view()),
    path(f"{_CASE}/time/", work_api.TimeApi.as_view()),
    path(f"{_CASE}/timer/", work_api.TimerApi.as_view()),
    path(f"{_CASE}/survey-link/", surveys_api.SurveyLinkApi.as_view()),
    path("surveys/", surveys_api.SurveysApi.as_view()),
    path("surveys/<uuid:key>/", surveys_api.SurveyApi.as_view()),
    path("labels/", catalogue_api.LabelsApi.as_view()),
    path("labels/<uuid:key>/", catalogue_api.LabelApi.as_view()),
    path("attributes/", catalogue_api.DefinitionsApi.as_view()),
    path("attributes/<uuid:key>/", catalogue_api.DefinitionApi.as_view()),
    path("checklists/", catalogue_api.TemplatesApi.as_view()),
    path("checklists/<uuid:key>/", catalogue_api.TemplateApi.as_view()),
    path("customers/", customers_api.CustomersApi.as_view()),
    path("customers/<uuid:key>/", customers_api.CustomerApi.as_view()),
    path("customers/<uuid:key>/conversations/", customers_api.CustomerTalksApi.as_view()),
    path("customers/<uuid:key>/notes/", customers_api.CustomerNotesApi.as_view()),
    path("customers/<uuid:key>/notes/<uuid:note>/", customers_api.CustomerNoteApi.as_view()),
    path("customers/<uuid:key>/block/", customers_api.BlockApi.as_view()),
    path("customers/<uuid:key>/memory/", memory_api.CustomerMemoryApi.as_view()),
    path("customers/<uuid:key>/memory/<uuid:fact>/", memory_api.CustomerFactApi.as_view()),
    path("customers/<uuid:key>/export/", privacy_api.ExportApi.as_view()),
    path("customers/<uuid:key>/erase/", privacy_api.EraseApi.as_view()),
    path("data-requests/", privacy_api.DataRequestsApi.as_view()),
    path("companies/", companies_api.CompaniesApi.as_view()),
    path("companies/<uuid:key>/", companies_api.CompanyApi.as_view()),
    path("companies/<uuid:key>/customers/", companies_api.CompanyCustomersApi.as_view()),
    path("companies/<uuid:key>/conversations/", companies_api.CompanyTalksApi.as_view()),
    path("me/notifications/", attention_api.NotificationsApi.as_view()),
    path("me/notifications/read/", attention_api.NotificationsReadApi.as_view()),
    path("me/notifications/read-all/", attention_api.NotificationsReadAllApi.as_view()),
    path("me/push/", attention_api.PushApi.as_view()),
    path("me/notification-rules/", attention_api.RulesApi.as_view()),
]
