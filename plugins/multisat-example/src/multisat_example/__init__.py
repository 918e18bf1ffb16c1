"""A template: a read-only STAC provider in a few lines."""
