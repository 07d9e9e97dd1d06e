"""What is refused in the safety grid, and why."""
