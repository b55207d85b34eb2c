"""How a customer's words feel: negative, neutral or positive, as calibrated chances. No Django here."""
