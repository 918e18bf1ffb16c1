"""``multisat series --plot``: the table, and a picture of it."""

import pandas as pd
import pytest
from PIL import Image

PC = ("-p", "planetary-computer")


@pytest.mark.slow
def test_it_looks_as_it_should(verb, golden):
    asked = ("2023", *PC, "-i", "NDVI", "-i", "EVI", "-o", "two.csv", "--plot", "two.png")
    done = verb("series", "field.geojson", *asked)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.split() == ["two.csv", "two.png"]
    assert {"NDVI_mean", "EVI_mean"} < set(pd.read_csv("two.csv").columns)
    with Image.open("two.png") as picture:
        golden(picture, "series-verb")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--plot", "x.doc", "-o", "x.csv"), "no picture is called x.doc"),
        (("--plot", "x.png", "-s", "max", "-o", "x.csv"), "add -s mean"),
        (("--plot", "x.png", "-o", "folder"), "a job draws no picture"),
    ],
)
def test_what_cannot_be_drawn_is_refused(verb, options, said, box):
    asked = len(box.requests)
    done = verb("series", "field.geojson", "2023", *options)
    assert (done.exit_code, len(box.requests)) == (2, asked)
    assert said in done.stderr


def test_too_many_areas_are_refused(verb, box):
    import geopandas

    from multisat.sandbox.places import FORESTS

    geopandas.GeoDataFrame.from_features(FORESTS["features"][:9], crs=4326).to_file("forests.gpkg")
    done = verb("series", "forests.gpkg", "2023", "--plot", "x.png", "-o", "x.csv")
    assert done.exit_code == 2
    assert "9 areas are too many for one plot (choose up to 8 with --only)" in done.stderr
