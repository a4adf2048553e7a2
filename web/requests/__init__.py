"""Requests on pages: the form that sends one, the list, one request with its people, and the approver's queue."""
