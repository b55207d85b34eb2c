"""The shapes of the reports of scores and topics over HTTP. What is not known is null."""

from rest_framework import serializers

from analytics.shapes import ReportShape, Shape


def between() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        allow_null=True,
        help_text="A 95 % interval.",
    )


class ScoredShape(Shape):
    name = serializers.CharField()
    key = serializers.CharField(help_text="An agent's id; empty for all and for the bot.")
    scored = serializers.IntegerField()
    counted = serializers.IntegerField(help_text="Those with a total.")
    mean = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    between = between()
    fatal = serializers.IntegerField()
    apart = serializers.CharField(help_text="above, below, or empty: it can't be told.")


class AskedQuestionShape(Shape):
    code = serializers.CharField()
    text = serializers.CharField()
    answered = serializers.IntegerField()
    not_applicable = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True, help_text="Share of yes, or place on the scale.")
    low = serializers.IntegerField()
    is_fatal = serializers.BooleanField()
    confidence = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(["unmeasured", "reliable", "unreliable"])


class ScoredWeekShape(Shape):
    begins = serializers.DateField()
    people = serializers.FloatField(allow_null=True)
    bot = serializers.FloatField(allow_null=True)


class AgreementShape(Shape):
    code = serializers.CharField()
    card = serializers.CharField()
    against = serializers.ChoiceField(["people", "between"])
    judges = serializers.IntegerField()
    pairs = serializers.IntegerField()
    agreed = serializers.FloatField(allow_null=True)
    kappa = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(["unmeasured", "reliable", "unreliable"])


class QualityShape(Shape):
    total = ScoredShape()
    bot = ScoredShape()
    agents = ScoredShape(many=True, help_text="By name: they are not ranked.")
    questions = AskedQuestionShape(many=True)
    weeks = ScoredWeekShape(many=True)
    covered = serializers.FloatField(allow_null=True)
    not_scored = serializers.DictField(child=serializers.IntegerField())
    agreement = AgreementShape(many=True)


class ShareShape(Shape):
    some = serializers.IntegerField()
    all = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    between = between()


class ChangeShape(Shape):
    by = serializers.FloatField(allow_null=True)
    between = between()
    verdict = serializers.CharField(help_text="new, growing, shrinking, or empty.")


class SubjectShape(Shape):
    key = serializers.CharField()
    name = serializers.CharField()
    example = serializers.CharField()
    is_pinned = serializers.BooleanField()
    share = ShareShape()
    before = ShareShape()
    change = ChangeShape()
    rated = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    handed = ShareShape()
    wait = serializers.FloatField(allow_null=True)
    weeks = serializers.ListField(child=serializers.FloatField())


class TopicsShape(Shape):
    asked = serializers.IntegerField()
    elsewhere = serializers.IntegerField(help_text="In no topic.")
    subjects = SubjectShape(many=True)
    weeks = serializers.ListField(child=serializers.DateField())


class QualityReport(ReportShape):
    current = QualityShape()
    previous = QualityShape()


class TopicsReport(ReportShape):
    current = TopicsShape()
    previous = TopicsShape()
