"""What is done with procedures: kept, tested, published, begun, run, and the businesses called."""
