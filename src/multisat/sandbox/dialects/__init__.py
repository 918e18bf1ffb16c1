"""How each archive speaks, limits and defects included."""
