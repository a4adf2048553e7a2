"""The requests of the demonstration program: deals of invented prospects, in every state, over the past months."""
