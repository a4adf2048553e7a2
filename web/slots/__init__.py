"""Events: the slots that want a speaker, who could speak, how the search stands, and the calendar of it all."""
