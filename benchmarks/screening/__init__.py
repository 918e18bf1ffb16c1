"""What it costs to know the cloud over polygons before a band is read; see ``__main__``."""
