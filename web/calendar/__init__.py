"""Calendar feeds, read by calendars that log in nowhere: the address is the right."""
