"""Uploaded files: kept for pieces of content and customers, and given to whoever may read them that day."""
