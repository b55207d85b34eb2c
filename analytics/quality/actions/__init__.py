"""The only places that write."""
