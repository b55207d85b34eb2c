"""The part of /api/v1/ that sets the house up."""

from django.urls import path

from agents.api import schedules as schedules_api
from agents.api import setup_people as setup_people_api
from agents.api import setup_queues as setup_queues_api
from agents.api import setup_rules as setup_api

urlpatterns = [
    path("policies/", setup_api.PoliciesApi.as_view()),
    path("policies/rules/", setup_api.RulesOfTheHouseApi.as_view()),
    path("policies/<int:key>/", setup_api.PolicyApi.as_view()),
    path("queues/", setup_queues_api.QueuesApi.as_view()),
    path("queues/<uuid:key>/", setup_queues_api.QueueApi.as_view()),
    path("queues/<uuid:key>/rules/", setup_api.QueueRulesApi.as_view()),
    path("teams/", setup_queues_api.TeamsApi.as_view()),
    path("teams/<uuid:key>/", setup_queues_api.TeamApi.as_view()),
    path("agents/<uuid:key>/rules/", setup_api.AgentRulesApi.as_view()),
    path("agents/<uuid:key>/skills/", setup_people_api.AgentSkillsApi.as_view()),
    path("skills/", setup_people_api.SkillsApi.as_view()),
    path("skills/<uuid:key>/", setup_people_api.SkillApi.as_view()),
    path("schedules/", schedules_api.SchedulesApi.as_view()),
    path("schedules/<uuid:key>/", schedules_api.ScheduleApi.as_view()),
    path("wrap-up-codes/", setup_people_api.WrapUpCodesApi.as_view()),
    path("wrap-up-codes/<slug:code>/", setup_people_api.WrapUpCodeApi.as_view()),
    path("away-reasons/", setup_people_api.AwayReasonsApi.as_view()),
    path("away-reasons/<int:key>/", setup_people_api.AwayReasonApi.as_view()),
]
