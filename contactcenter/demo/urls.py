from django.urls import path

from contactcenter.demo import labels, panels, views

app_name = "shop"
urlpatterns = [
    path("", views.home, name="home"),
    path("shop/<slug:slug>/", views.category, name="category"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("orders/", views.orders, name="orders"),
    path("returns/<uuid:label>/", labels.return_label, name="return_label"),
    path("demo/customer-orders/<uuid:customer>/", panels.customer_orders, name="customer_orders"),
]
