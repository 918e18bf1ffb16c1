"""The field's facts as data: bands, quality layers, collections, scaling, what each archive holds.

Nothing outside this package spells a band name of a product or a scale factor. Every table
carries the date it was checked and its source.
"""
