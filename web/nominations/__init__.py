"""Nominations on pages: the list, the form that brings one in, and one with the decision about it."""
