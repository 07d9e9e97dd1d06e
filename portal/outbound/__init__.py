"""What other authorities' systems are told of our cases: one record per system and case, sent until it is acknowledged."""
