"""The admin's front page says what it is."""

from django.contrib import admin

admin.site.index_title = "Overview"
