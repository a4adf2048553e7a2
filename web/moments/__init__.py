"""Moments on pages: what customer success hands to marketing, and what comes of it."""
