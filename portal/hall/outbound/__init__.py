"""对外报送 as those who keep it see it: systems, how cases stand with each, what is stuck, the daily comparison."""
