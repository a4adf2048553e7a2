"""Likely duplicates: the list, merging two with a preview, and undoing it."""
