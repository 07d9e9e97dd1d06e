"""Refusals of the canteen, one function each."""
