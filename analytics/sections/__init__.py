"""The reports as the page shows them: one room for each subject, plain values only."""
