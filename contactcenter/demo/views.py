"""The doors of the demo shop."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contactcenter.demo.forms import OrderLookup
from contactcenter.demo.models import Product
from contactcenter.demo.pages import language_of, page
from contactcenter.demo.queries import card, cards, order_of, shelf
from contactcenter.demo.words import TEXTS
from conversations.errors import RateLimited
from conversations.limits import Limit

# A customer tries two or three times; who guesses numbers gets nowhere.
LOOKUPS = Limit(rate=1 / 6, burst=10)
STOCK_NOTES = {"in_stock": "stock_note", "few_left": "few_note", "sold_out": "sold_out_note"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    language = language_of(request)
    return page(request, "home", {"featured": cards(Product.objects.featured(), language)})


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    language = language_of(request)
    found = shelf(slug, language)
    if found is None:
        return _not_found(request)
    products = cards(Product.objects.on_sale().of(slug), language)
    count = TEXTS[language]["count_one" if len(products) == 1 else "count_many"]
    return page(
        request,
        "category",
        {"shelf": found, "products": products, "count": count.format(count=len(products))},
    )


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    language = language_of(request)
    found = Product.objects.on_sale().filter(slug=slug).first()
    if found is None:
        return _not_found(request)
    shown = card(found, language)
    beside = Product.objects.on_sale().of(found.category).exclude(pk=found.pk)[:3]
    return page(
        request,
        "product",
        {
            "product": shown,
            "shelf": shelf(found.category, language),
            "beside": cards(beside, language),
            "note": TEXTS[language][STOCK_NOTES[shown.stock]],
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    """Number and e-mail address travel in the body, so that no log and no history keeps them."""
    language = language_of(request)
    if request.method != "POST":
        return page(request, "orders", {"form": OrderLookup(language=language)})
    words = TEXTS[language]
    form = OrderLookup(request.POST, language=language)
    try:
        LOOKUPS.check(request.META.get("REMOTE_ADDR", ""))
    except RateLimited as refusal:
        response = page(
            request, "orders", {"form": form, "refusal": words["too_often"]}, status=429
        )
        response["Retry-After"] = str(round(refusal.retry_after or 0) + 1)
        return response
    if not form.is_valid():
        return page(request, "orders", {"form": form}, status=400)
    order = order_of(**form.cleaned_data, language=language)
    if order is None:
        return page(
            request, "orders", {"form": form, "refusal": words["order_unknown"]}, status=404
        )
    return page(request, "order", {"order": order})


def _not_found(request: HttpRequest) -> HttpResponse:
    return page(request, "not_found", {}, status=404)
