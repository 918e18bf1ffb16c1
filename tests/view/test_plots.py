"""Pictures that results and screenings draw of themselves."""

from matplotlib.figure import Figure

import multisat as ms


def test_footprints_look_as_they_should(found, golden):
    axes = Figure(figsize=(6, 6), layout="constrained").subplots()
    golden(found.plot(axes).figure, "footprints")


def test_degrees_beyond_180_are_those_of_the_other_side(box):
    axes = Figure().subplots()
    ms.search(box.places["taveuni"], "2023-05", collections="sentinel-2-l2a").plot(axes)
    west, east = axes.get_xlim()
    assert 179 < west < 180 < east < 181
    assert axes.xaxis.get_major_formatter()(180.25, 0) == "-179.75"


def test_scene_cloud_against_area_cloud_looks_as_it_should(screening, golden):
    axes = Figure(figsize=(5, 5), layout="constrained").subplots()
    golden(screening.plot(axes).figure, "clouds")
