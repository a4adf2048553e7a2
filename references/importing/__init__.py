"""Reads a customer's own files: tables, headings and rows, free of the ORM until the service writes them."""
