"""The content library: every piece from draft to recall, with its wordings, its looks and where it is used."""
