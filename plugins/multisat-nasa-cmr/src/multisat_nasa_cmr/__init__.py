"""NASA CMR-STAC (LP DAAC cloud) for multisat."""
