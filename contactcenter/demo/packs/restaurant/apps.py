from django.apps import AppConfig


class RestaurantConfig(AppConfig):
    name = "contactcenter.demo.packs.restaurant"
    label = "demo_restaurant"
    verbose_name = "Demo: restaurant"
