"""What was learnt from calls in the admin: tried now, or one click back."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action

from agents.admin.learnt import LearntAdmin
from agents.callbacks.actions import learning
from agents.callbacks.models import CallFit


@admin.register(CallFit)
class CallFitAdmin(LearntAdmin):
    try_anew = staticmethod(learning.try_anew)
    roll_back = staticmethod(learning.roll_back)
    standing = staticmethod(learning.standing)
    gone = "Nothing is forecast of calls now."
    rows = "waits or attempts"
    actions_list = ("learn_answers", "learn_needs", "how_far")

    @action(description="Learn who answers now", permissions=["learn"])
    def learn_answers(self, request: HttpRequest) -> HttpResponse:
        return self.learn(request, CallFit.Purpose.ANSWERS)

    @action(description="Learn who needs a call now", permissions=["learn"])
    def learn_needs(self, request: HttpRequest) -> HttpResponse:
        return self.learn(request, CallFit.Purpose.NEEDS)
