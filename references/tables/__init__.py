"""The tables that can be taken along: what each holds for whoever asks, and how they are written out."""
