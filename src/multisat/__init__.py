"""One area of interest, every satellite archive, one answer you can trust."""
