"""Signing in and out, and what a person keeps under 我的."""
