"""What people type about the canteen."""
