"""What runs in the server's own environment: openeo-driver over cubes of the synthetic archives."""
