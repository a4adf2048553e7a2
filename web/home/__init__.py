"""The home of those who run the program: what waits, and how the program does."""
