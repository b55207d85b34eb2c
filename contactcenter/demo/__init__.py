"""The demo business: Farwander, a small outdoor shop with products, orders and articles."""
