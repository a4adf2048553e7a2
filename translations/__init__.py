"""The German of what promoters read: which texts there are, and whether each is translated. For development only."""
