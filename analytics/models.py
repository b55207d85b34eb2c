"""What the reports need of the database: nothing of their own but the right to see them."""

from django.db import models


class Report(models.Model):  # noqa: DJ008 -- there are no rows to name
    """Holds the permission; reports are computed from the log and never stored."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("see_reports", "May see the reports")]
