"""Pages of publications: for everybody, without script and without a session where they are public."""
