"""How fast cubes are read over a slow network, against other loaders; see ``__main__``."""
