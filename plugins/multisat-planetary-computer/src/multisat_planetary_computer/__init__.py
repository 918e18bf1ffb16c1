"""Microsoft Planetary Computer for multisat."""
