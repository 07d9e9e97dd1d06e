"""Pages of the canteen."""
