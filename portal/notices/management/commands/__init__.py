"""One pass of the outbox."""
