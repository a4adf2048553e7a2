"""Asks on pages: the ladder and its asks, whom to ask next, campaigns, and what became of each ask."""
