"""How fast many polygons become a table, against exactextract and rasterstats; see ``__main__``."""
