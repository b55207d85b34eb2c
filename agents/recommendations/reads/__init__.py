"""What is known of customers, items, and what offers were worth."""
