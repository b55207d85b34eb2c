"""The shop in Django admin: what is on the shelf, and what was ordered."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from contactcenter.demo.models import Order, OrderLine, Product


@admin.register(Product)
class ProductAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "sku", "category", "price", "stock", "is_active", "is_featured")
    list_filter = ("category", "is_active", "is_featured")
    search_fields = ("name", "name_zh", "sku")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("uuid",)


class OrderLineInline(TabularInline):  # type: ignore[misc]
    model = OrderLine
    extra = 0
    autocomplete_fields = ("product",)


@admin.register(Order)
class OrderAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("number", "customer_name", "status", "total", "placed_at", "tracking_number")
    list_filter = ("status", "carrier")
    search_fields = ("number", "customer_name", "customer_email", "tracking_number")
    date_hierarchy = "placed_at"
    readonly_fields = ("uuid",)
    inlines = (OrderLineInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """An order is cancelled, never made undone: invoices are kept for ten years."""
        return False
