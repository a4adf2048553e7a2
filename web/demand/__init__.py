"""Unmet demand: what was asked for and could not be had, and the recruiting that follows from it."""
