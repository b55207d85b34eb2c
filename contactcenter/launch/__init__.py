"""How the product starts, stays up and stops."""
