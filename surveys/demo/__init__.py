"""The surveys of the demonstration program: three waves that are over, one that runs, and what was won back."""
