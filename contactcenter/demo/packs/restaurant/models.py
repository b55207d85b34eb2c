"""Lantern House: its dishes, its tables and who sits at them, its orders and how they were paid."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Dish(models.Model):
    class Course(models.TextChoices):
        SMALL = "small", "Small dishes"
        MAIN = "main", "Main dishes"
        NOODLES = "noodles", "Noodles and rice"
        SWEET = "sweet", "Sweets"
        DRINK = "drink", "Drinks"

    class Diet(models.TextChoices):
        ANY = "any", "With meat or fish"
        VEGETARIAN = "vegetarian", "Vegetarian"
        VEGAN = "vegan", "Vegan"

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=60)
    name_zh = models.CharField("name in Chinese", max_length=30)
    course = models.CharField(max_length=8, choices=Course)
    price = models.DecimalField(max_digits=6, decimal_places=2)
    spicy = models.PositiveSmallIntegerField("peppers", default=0)
    diet = models.CharField(max_length=10, choices=Diet, default=Diet.ANY)
    meat = models.CharField(
        max_length=20, blank=True, help_text="pork, beef, chicken, fish, seafood"
    )
    gluten_free = models.BooleanField(default=False)
    allergens: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, blank=True, help_text="Of the fourteen of the European rules."
    )
    also: "models.JSONField[list[str], list[str]]" = models.JSONField(
        "other names", default=list, blank=True
    )
    is_available = models.BooleanField("can be ordered", default=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "code"]
        verbose_name_plural = "dishes"
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="a_dish_has_a_price"),
            models.CheckConstraint(condition=Q(spicy__lte=3), name="a_dish_has_at_most_3_peppers"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Table(models.Model):
    number = models.PositiveSmallIntegerField(unique=True)
    seats = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["seats", "number"]

    def __str__(self) -> str:
        return f"Table {self.number}"


class Reservation(models.Model):
    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=7, unique=True)
    name = models.CharField(max_length=120)
    email = models.CharField("e-mail", max_length=254)
    day = models.DateField()
    time = models.TimeField()
    people = models.PositiveSmallIntegerField()
    table = models.ForeignKey(Table, models.PROTECT, related_name="reservations")
    note = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.BOOKED)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-time"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^T-[0-9]{5}$"), name="reservation_is_t_five_digits"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="reservation_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=8), name="a_reservation_is_for_1_to_8"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


class Sitting(models.Model):
    """Half an hour at a table. Nobody else can have it: that is what a reservation promises."""

    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="sittings")
    table = models.ForeignKey(Table, models.PROTECT, related_name="sittings")
    day = models.DateField()
    half_hour = models.PositiveSmallIntegerField(help_text="Of the day: 36 begins at 18:00.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "day", "half_hour"], name="a_table_is_given_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table}, {self.day}, {self.half_hour}"


class FoodOrderQuerySet(models.QuerySet["FoodOrder"]):
    def numbered(self, number: str) -> Self:
        return self.filter(number=number.strip().upper())


class FoodOrder(models.Model):
    class How(models.TextChoices):
        COLLECT = "collect", "Collected"
        DELIVER = "deliver", "Delivered"

    class Status(models.TextChoices):
        PLACED = "placed", "Placed"
        COOKING = "cooking", "In the kitchen"
        READY = "ready", "Ready"
        ON_THE_WAY = "on_the_way", "On the way"
        DONE = "done", "Handed over"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120)
    email = models.CharField("e-mail", max_length=254)
    how = models.CharField(max_length=8, choices=How)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=5, blank=True)
    note = models.CharField(max_length=200, blank=True)
    fee = models.DecimalField("delivery fee", max_digits=6, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=7, decimal_places=2)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLACED)
    placed_at = models.DateTimeField()
    due_at = models.DateTimeField("promised for")

    objects = FoodOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        verbose_name = "order"
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^LH-[0-9]{5}$"), name="food_order_is_lh_five_digits"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="food_order_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(how="collect") | (~Q(address="") & ~Q(postcode="")),
                name="what_is_delivered_has_an_address",
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="a_food_order_costs_something"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


class FoodLine(models.Model):
    order = models.ForeignKey(FoodOrder, models.CASCADE, related_name="lines")
    dish = models.ForeignKey(Dish, models.PROTECT, related_name="+")
    count = models.PositiveSmallIntegerField()
    price = models.DecimalField("price of one", max_digits=6, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "dish"], name="one_line_for_a_dish"),
            models.CheckConstraint(condition=Q(count__gte=1), name="a_food_line_has_a_count"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.dish.name}"


class Payment(models.Model):
    """The latest state of an order's payment; a new link opens it again."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ON_COLLECTING = "on_collecting", "When collected"
        PAID = "paid", "Paid"
        FAILED = "failed", "Failed"
        REFUNDED = "refunded", "Paid back"

    order = models.OneToOneField(FoodOrder, models.CASCADE, related_name="payment")
    status = models.CharField(max_length=13, choices=Status, default=Status.OPEN)
    way = models.CharField("paid by", max_length=20, blank=True)
    amount = models.DecimalField(max_digits=7, decimal_places=2)
    at = models.DateTimeField("since")
    links = models.PositiveSmallIntegerField("links sent", default=1)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.order}: {self.status}"
