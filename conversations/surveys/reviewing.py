"""Bad ratings wait for somebody to look at them."""

from conversations.models import Rating
from conversations.surveys.models import Review

BAD = 2  # of 5, and worse


def ask_for_review(rating: Rating) -> None:
    """A bad rating is to be looked at; one that became better before anybody did no longer is. What was
    looked at stays."""
    if rating.score <= BAD:
        Review.objects.get_or_create(rating=rating)
    else:
        Review.objects.filter(rating=rating, reviewed_at=None).delete()
