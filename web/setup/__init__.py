"""Setting the program up: imports, the vocabulary, speaking slots and jobs."""
