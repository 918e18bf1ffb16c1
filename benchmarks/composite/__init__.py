"""What a composite costs: memory from one block to many, and time beside other tools; see ``__main__``."""
