"""Element 84 Earth Search for multisat."""
