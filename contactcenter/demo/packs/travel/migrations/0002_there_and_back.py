import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("demo_travel", "0001_timetable_and_bookings")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="back_flight",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings_back",
                to="demo_travel.flight",
                verbose_name="flight back",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="back_day",
            field=models.DateField(blank=True, null=True, verbose_name="day back"),
        ),
        migrations.AddField(
            model_name="booking",
            name="back_price",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=9, verbose_name="of it for the way back"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["back_flight", "back_day"], name="booking_seats_back"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=Q(back_flight=None, back_day=None, back_price=0)
                | Q(back_flight__isnull=False, back_day__gte=F("day"), back_price__gt=0),
                name="a_way_back_has_all_of_it_and_comes_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=Q(back_price__lt=F("price")) | Q(back_price=0),
                name="the_way_back_is_a_part_of_the_price",
            ),
        ),
    ]
