"""The public help centre: its pages, and what a reader may see there."""
