"""Merges two rows that are one: which values stay, what moves, and a journal by which it can be taken back."""
