"""The whole program as one archive: written out, and read into an empty one."""
