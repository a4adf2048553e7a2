"""Logging in and out, the first start, and how the pages look."""
