"""Drives the whole site over HTTP, as an operator would start it, and watches its answers and its memory."""
