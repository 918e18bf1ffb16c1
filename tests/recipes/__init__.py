"""The generated set of recipes, which judges every engine, and the synthetic archive it runs over.

``cases.generated()`` gives the cases and ``archive.build(*case.collections)`` what is stored;
``compute(case.recipe, archive, case.ask)`` of ``tests.oracle`` is right, and ``compare(found, right)`` holds an
engine to it. ``stored.Stored`` makes scenes of the archive, in memory or as files, and tasks of cases.
"""
