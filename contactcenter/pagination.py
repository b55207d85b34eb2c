"""Every long list is a keyset page: the cost of page 1,000 is that of page 1."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    ordering = "-pk"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
