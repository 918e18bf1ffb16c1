"""Wrong use is refused before any archive is asked, and what is empty says the next step."""

import socket

import pytest

RUN = ("run", "recipe.json", "field.geojson", "2023-05", "-o", "x.nc")
REFUSED = {
    "a batch job of this machine": ((*RUN, "--as", "batch"), "add --on openeo or --on sentinel-hub"),
    "not to wait for what is now": ((*RUN, "--no-wait"), "add --as batch"),
    "a batch job by tiles": (
        (
            "run",
            "recipe.json",
            "field.geojson",
            "2023-05",
            "--as",
            "batch",
            "--on",
            "openeo",
            "--tile",
            "9",
            "-o",
            "x",
        ),
        "no meaning for a batch job",
    ),
    "a picture of no kind": (
        ("screen", "field.geojson", "2023-05", "--plot", "x.doc"),
        "no picture is called x.doc",
    ),
    "a table of no kind": (("screen", "field.geojson", "2023-05", "--save", "x.doc"), "the table is CSV"),
    "no such feature to search": (
        ("search", "field.geojson", "2023", "--only", "3"),
        "--id says which attribute",
    ),
    "no such feature to screen": (
        ("screen", "field.geojson", "2023", "--only", "3"),
        "--id says which attribute",
    ),
    "no time at all": (("search", "field.geojson", "2023", "--deadline", "0"), "not in the range x>0"),
    "a name that is taken": (
        ("plugin", "new", "earth-search"),
        "is there already, from multisat-earth-search",
    ),
    "no name": (("plugin", "new", "my archive"), "use lower case and hyphens"),
    "no place to check": (
        ("providers", "check", "nasa-cmr", "--aoi", "no.gpkg"),
        "there is no file 'no.gpkg'",
    ),
    "no time to check": (("providers", "check", "nasa-cmr", "--time", "2023-13"), "month must be in 1..12"),
    "no area to load": (
        ("load", "field.geojson", "2023", "-b", "red", "--aoi", "no.gpkg", "-o", "x"),
        "no file 'no.gpkg'",
    ),
    "no band to load": (
        ("load", "field.geojson", "2023", "-b", "rde", "-o", "x"),
        "no band is called 'rde'",
    ),
    "no class to mask": (
        ("screen", "field.geojson", "2023", "--mask", "fog"),
        "no mask or class is called 'fog'",
    ),
    "scenes of all years": (("download", "field.geojson", "-o", "out"), "no dates"),
    "no baseline": (
        ("load", "field.geojson", "2023", "-b", "red", "--assume-baseline", "five", "-o", "out"),
        "'five' is no processing baseline",
    ),
    "no port": (("sandbox", "--port", "99999"), "not in the range 0<=x<=65535"),
    "no job to go on with": (("retry", "nowhere"), "there is no job in nowhere"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(verb, tmp_path, case):
    (tmp_path / "recipe.json").write_text('{"multisat_recipe": 1, "index": ["NDVI"]}')
    arguments, said = REFUSED[case]
    done = verb(*arguments)
    assert (done.exit_code, done.stdout, done.asked) == (2, "", 0)
    assert said in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",),
        ("download", "-o", "out"),
        ("screen",),
        ("sheet", "-o", "x.png"),
        ("load", "-b", "red", "-o", "out"),
    ],
)
def test_nothing_found_says_the_next_step(verb, arguments):
    name, *rest = arguments
    done = verb(name, "field.geojson", "2019", *rest)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "widen the time range" in done.stderr


def test_nobody_asked_is_not_nothing_there(verb, monkeypatch):
    monkeypatch.delenv("MULTISAT_LOCAL", raising=False)
    done = verb("search", "field.geojson", "2023", "-p", "local")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "no archive was asked" in done.stderr
    assert "set MULTISAT_LOCAL" in done.stderr


def test_an_incomplete_file_says_how_to_go_on(verb):
    done = verb("search", "field.geojson", "2023", "-p", "earth-search", "--limit", 3, "-o", "found.json")
    assert done.exit_code == 0
    assert "the rest: multisat resume found.json" in done.stderr


@pytest.mark.parametrize("name", ["jobs", "quota"])
def test_no_login_at_any_service_is_said(verb, name, monkeypatch):
    for variable in ("SH_CLIENT_ID", "OPENEO_AUTH_CLIENT_ID", "OPENEO_USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    done = verb(name)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "multisat login sentinel-hub" in done.stderr


def test_a_port_that_is_taken_is_said(verb):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = verb("sandbox", "--port", port)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"port {port} cannot be used" in done.stderr
