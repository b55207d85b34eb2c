"""The shapes of the reports over HTTP. Seconds and shares (0 to 1) are null when not known."""

from typing import Any

from rest_framework import serializers


class Shape(serializers.Serializer[Any]):
    """A part of an answer."""


class SpreadShape(Shape):
    """How long something took: percentiles in seconds."""

    count = serializers.IntegerField()
    p50 = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)
    p95 = serializers.FloatField(allow_null=True)


class VolumePoint(Shape):
    at = serializers.DateTimeField()
    opened = serializers.IntegerField()
    written = serializers.IntegerField()


class VolumeShape(Shape):
    opened = serializers.IntegerField(help_text="Chats that were opened.")
    written = serializers.IntegerField(help_text="Those in which the customer said something.")
    points = VolumePoint(many=True)
    by_hour = serializers.ListField(child=serializers.IntegerField(), min_length=24, max_length=24)
    by_inbox = serializers.DictField(child=serializers.IntegerField())
    by_language = serializers.DictField(child=serializers.IntegerField())


class HandoffsShape(Shape):
    total = serializers.IntegerField()
    by_reason = serializers.DictField(child=serializers.IntegerField())


class BotShape(Shape):
    conversations = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="Solved, of all that are decided.")
    solved = serializers.IntegerField(help_text="Answered for good, and no person was needed.")
    confirmed = serializers.IntegerField()
    assumed = serializers.IntegerField()
    silent = serializers.IntegerField(help_text="Answered, and closed after silence; not solved.")
    unhappy = serializers.IntegerField()
    unanswered = serializers.IntegerField()
    person = serializers.IntegerField()
    pending = serializers.IntegerField()
    handoffs = HandoffsShape()


class UsagePointShape(Shape):
    at = serializers.DateTimeField()
    answers = serializers.IntegerField()
    by_model = serializers.IntegerField()
    handoffs = serializers.IntegerField()


class UsageLineShape(Shape):
    inbox = serializers.CharField()
    answers = serializers.IntegerField()
    by_model = serializers.IntegerField()
    beyond = serializers.IntegerField(help_text="Without the model, since a quota was used up.")
    handoffs = serializers.IntegerField()
    tokens = serializers.IntegerField()


class UsageShape(Shape):
    answers = serializers.IntegerField()
    by_model = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="Of the days in UTC that the span touches.")
    handoffs = serializers.IntegerField()
    less = serializers.DictField(
        child=serializers.IntegerField(), help_text="{step: answers}: shorter, quote, person."
    )
    inboxes = UsageLineShape(many=True)
    points = UsagePointShape(many=True)


class ResponsesPoint(Shape):
    at = serializers.DateTimeField()
    p50 = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)


class ResponsesShape(Shape):
    first = SpreadShape(help_text="To the first answer, of the bot or an agent.")
    first_unanswered = serializers.IntegerField()
    first_by_bot = serializers.IntegerField()
    human = SpreadShape(help_text="From a handoff to a person's first words.")
    human_unanswered = serializers.IntegerField()
    points = ResponsesPoint(many=True)


class WaitingLine(Shape):
    queue = serializers.CharField()
    queue_uuid = serializers.CharField()
    target_seconds = serializers.IntegerField(allow_null=True)
    entered = serializers.IntegerField()
    served = serializers.IntegerField()
    abandoned = serializers.IntegerField()
    waiting = serializers.IntegerField()
    moved = serializers.IntegerField()
    within = serializers.IntegerField()
    counted = serializers.IntegerField()
    level = serializers.FloatField(allow_null=True, help_text="Share served within the target.")
    wait = SpreadShape()
    longest = serializers.FloatField(allow_null=True)
    abandoned_p50 = serializers.FloatField(allow_null=True)


class WaitingPoint(Shape):
    at = serializers.DateTimeField()
    level = serializers.FloatField(allow_null=True)
    p50 = serializers.FloatField(allow_null=True)
    p90 = serializers.FloatField(allow_null=True)


class WaitingShape(Shape):
    total = WaitingLine()
    queues = WaitingLine(many=True)
    points = WaitingPoint(many=True)


class ScoresShape(Shape):
    answers = serializers.IntegerField()
    average = serializers.FloatField(allow_null=True)
    happy = serializers.IntegerField(help_text="4 or 5.")
    happy_share = serializers.FloatField(allow_null=True)
    distribution = serializers.ListField(
        child=serializers.IntegerField(), min_length=5, max_length=5, help_text="Of 1, 2, 3, 4, 5."
    )


class SatisfactionPoint(Shape):
    at = serializers.DateTimeField()
    average = serializers.FloatField(allow_null=True)
    answers = serializers.IntegerField()


class SatisfactionShape(Shape):
    total = ScoresShape()
    bot_only = ScoresShape()
    by_person = ScoresShape()
    asked = serializers.IntegerField()
    response_rate = serializers.FloatField(allow_null=True)
    points = SatisfactionPoint(many=True)


def _between() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        allow_null=True,
        help_text="A 95 % interval.",
    )


class WorthShape(Shape):
    name = serializers.CharField()
    key = serializers.CharField(help_text="An agent's id, or whose words; empty for all.")
    turns = serializers.IntegerField(help_text="Customers' words for which help was looked for.")
    answered = serializers.IntegerField(help_text="Those that the agent answered.")
    offered = serializers.IntegerField(help_text="Those for which something was suggested.")
    seen = serializers.IntegerField(help_text="Answered with a suggestion on the screen.")
    suggestions = serializers.IntegerField()
    inserted = serializers.IntegerField()
    used = serializers.IntegerField(help_text="Sent, as they were or changed.")
    sent = serializers.IntegerField()
    edited = serializers.IntegerField()
    assistance = serializers.FloatField(allow_null=True, help_text="Used, of the answered turns.")
    assistance_between = _between()
    accepted = serializers.FloatField(allow_null=True, help_text="Used, of the seen ones.")
    accepted_between = _between()
    copied = serializers.FloatField(allow_null=True, help_text="Sent unchanged, of the used ones.")
    copied_between = _between()
    distance = serializers.FloatField(allow_null=True, help_text="Median of letters changed.")
    distance_between = _between()
    kept = serializers.FloatField(allow_null=True, help_text="Median of what stayed, 0 to 1.")
    kept_between = _between()


class AskingShape(Shape):
    name = serializers.CharField()
    key = serializers.CharField(help_text="The agent's id.")
    asked = serializers.IntegerField(help_text="Questions to the copilot.")
    copied = serializers.IntegerField(help_text="Answers that were put into a reply.")
    share = serializers.FloatField(allow_null=True)
    share_between = _between()


class HintingShape(Shape):
    name = serializers.CharField()
    key = serializers.CharField(help_text="label, priority or queue.")
    seen = serializers.IntegerField()
    taken = serializers.IntegerField()
    dismissed = serializers.IntegerField()
    ignored = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="Taken, of the seen ones.")
    share_between = _between()


class ArmShape(Shape):
    conversations = serializers.IntegerField()
    seconds = serializers.FloatField(
        allow_null=True, help_text="Median from the customer's words to the agent's answer."
    )
    seconds_between = _between()


class HoldOutShape(Shape):
    shown = ArmShape()
    withheld = ArmShape(help_text="Drawn by chance to have no suggestions.")
    saved = serializers.FloatField(allow_null=True, help_text="Seconds sooner with suggestions.")
    saved_between = _between()


class SuggestionsShape(Shape):
    total = WorthShape()
    agents = WorthShape(many=True)
    by = WorthShape(many=True)
    asking = AskingShape(many=True)
    hinting = HintingShape(many=True)
    gain = HoldOutShape()
    seconds = serializers.FloatField(allow_null=True, help_text="Until half of them were there.")


class ReportShape(Shape):
    """What every report says of itself."""

    to = serializers.DateTimeField()
    inbox = serializers.CharField(allow_null=True)
    bucket = serializers.ChoiceField(["hour", "day"], help_text="What one point stands for.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a word of Python, so it can't be an attribute.
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class VolumeReport(ReportShape):
    current = VolumeShape()
    previous = VolumeShape()


class BotReport(ReportShape):
    current = BotShape()
    previous = BotShape()


class UsageReport(ReportShape):
    current = UsageShape()
    previous = UsageShape()


class ResponsesReport(ReportShape):
    current = ResponsesShape()
    previous = ResponsesShape()


class WaitingReport(ReportShape):
    current = WaitingShape()
    previous = WaitingShape()


class SatisfactionReport(ReportShape):
    current = SatisfactionShape()
    previous = SatisfactionShape()


class ShareShape(Shape):
    count = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True, help_text="Of satisfied customers, 0 to 1.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True, help_text="Ends of the 95 % interval.")


class ExpectedGroupShape(Shape):
    key = serializers.CharField(
        allow_blank=True,
        help_text="An agent's id; a language's code; an inbox's key; bot; empty: all.",
    )
    name = serializers.CharField()
    said = ShareShape(help_text="Of those who answered.")
    expected = serializers.FloatField(allow_null=True, help_text="The mean forecast of all.")
    corrected = ShareShape(help_text="What all would have said.")
    standing = serializers.CharField(
        allow_blank=True, help_text="above or below the rest; empty: not apart."
    )


class ExpectedShape(Shape):
    total = ExpectedGroupShape()
    bot_only = ExpectedGroupShape()
    agents = ExpectedGroupShape(many=True)
    languages = ExpectedGroupShape(many=True)
    inboxes = ExpectedGroupShape(many=True)
    silent = serializers.IntegerField(help_text="Not rated, and probably not satisfied.")
    width = serializers.FloatField(allow_null=True, help_text="Of a forecast's interval, mean.")


class ExpectedReport(ReportShape):
    current = ExpectedShape()
    previous = ExpectedShape()


class SurveyAnswersShape(Shape):
    key = serializers.UUIDField()
    kind = serializers.CharField()
    text = serializers.DictField(child=serializers.CharField())
    answers = serializers.IntegerField()
    value = serializers.FloatField(
        allow_null=True, help_text="NPS: -100 to 100; yes or no: a share; others: a mean."
    )
    margin = serializers.FloatField(allow_null=True, help_text="Half of the 95 % interval.")
    distribution = serializers.ListField(
        child=serializers.ListField(), help_text="(answer, how often), the answer as text."
    )


class SurveyedShape(Shape):
    survey = serializers.IntegerField()
    name = serializers.CharField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    response_rate = serializers.FloatField(allow_null=True)
    questions = SurveyAnswersShape(many=True)


class SurveysShape(Shape):
    surveys = SurveyedShape(many=True)
    bad = serializers.IntegerField(help_text="Ratings of 1 or 2.")
    reviewed = serializers.IntegerField(help_text="Of these somebody looked at so many.")
    causes = serializers.ListField(child=serializers.ListField(), help_text="(cause, how often)")


class SurveysReport(ReportShape):
    current = SurveysShape()
    previous = SurveysShape()


class SuggestionsReport(ReportShape):
    current = SuggestionsShape()
    previous = SuggestionsShape()


class ReadersDay(Shape):
    day = serializers.DateField()
    views = serializers.IntegerField()
    searches = serializers.IntegerField()
    empty = serializers.IntegerField(help_text="Searches that found nothing.")
    unopened = serializers.IntegerField(help_text="Searches of whose results none was opened.")


class ReadArticle(Shape):
    id = serializers.UUIDField()
    title = serializers.CharField()
    language = serializers.CharField()
    views = serializers.IntegerField()
    asked = serializers.IntegerField(help_text="Readers in the chat who then needed a person.")
    votes = serializers.IntegerField()
    votes_for = serializers.IntegerField()
    cited = serializers.IntegerField(help_text="Answers of the bot that quote it.")


class SearchedWords(Shape):
    words = serializers.CharField()
    language = serializers.CharField()
    searches = serializers.IntegerField()
    empty = serializers.IntegerField()
    opened = serializers.IntegerField()


class ReadersLanguage(Shape):
    language = serializers.CharField()
    views = serializers.IntegerField()
    searches = serializers.IntegerField()
    empty = serializers.IntegerField()


class ReadersShape(Shape):
    days = ReadersDay(many=True)
    articles = ReadArticle(many=True)
    empty = SearchedWords(many=True, help_text="Words that found nothing, most often first.")
    unopened = SearchedWords(many=True)
    languages = ReadersLanguage(many=True)


class ReadersReport(ReportShape):
    current = ReadersShape()
    previous = ReadersShape()
