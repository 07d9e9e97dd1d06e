"""Refusals and times of repairs."""
