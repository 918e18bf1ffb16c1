"""Every example of every help page works as it stands there, against the stand-ins."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.cli.help_pages import JOB, pages, run_line, written
from tests.openeo_backend import PASSWORD, USER, Unavailable, python, shared

from multisat.plugins import registry
from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS
from multisat.sandbox.sentinel_hub.bucket import ACCESS_KEY, BUCKET, SECRET_KEY

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGES = {page.name: page for page in pages()}
ELSEWHERE = {"multisat login", "multisat sandbox"}
"""They ask, or serve until Ctrl-C: see ``test_help_at_terminal.py``."""
JOBS = ("multisat jobs", "multisat jobs get", "multisat jobs logs")
AT_SENTINEL_HUB = {"multisat run", "multisat quota", "multisat doctor", *JOBS}
AT_OPENEO = {"multisat jobs cancel"}
SLOW = {
    "multisat",
    *(
        f"multisat {verb}"
        for verb in ("change", "composite", "demo", "index", "load", "movie", "report", "run")
    ),
    *(f"multisat {verb}" for verb in ("screen", "series", "sheet", "zonal", "providers", "providers check")),
}
"""Pages whose examples take more than two seconds together."""
MARKS = {
    **dict.fromkeys(SLOW, (pytest.mark.slow,)),
    **dict.fromkeys(AT_OPENEO, (pytest.mark.slow, pytest.mark.xdist_group("openeo-backend"))),
}
CODES = {"multisat doctor nasa-cmr --format json": 3}
"""Exit codes that are not 0, as the page says."""
RECIPE = {"multisat_recipe": 1, "index": ["NDVI"], "composite": {"period": "month", "reducer": "max"}}


@pytest.fixture(scope="session")
def areas(tmp_path_factory):
    """A folder with the areas of the examples, and a recipe."""
    folder = tmp_path_factory.mktemp("areas")
    subprocess.run([sys.executable, EXAMPLES / "areas.py", folder], check=True, capture_output=True)
    (folder / "recipe.json").write_text(json.dumps(RECIPE))
    return folder


@pytest.fixture(scope="session")
def hub():
    """Where stand-ins with logins are, and who is a customer of Sentinel Hub with a bucket."""
    with Sandbox(secure=True, sentinel_hub=True) as running:
        yield {
            **running.environment,
            "SH_CLIENT_ID": CLIENT,
            "SH_CLIENT_SECRET": CLIENTS[CLIENT],
            "MULTISAT_SENTINEL_HUB_BUCKET": f"s3://{BUCKET}/jobs",
            "SH_BUCKET_ACCESS_KEY_ID": ACCESS_KEY,
            "SH_BUCKET_SECRET_ACCESS_KEY": SECRET_KEY,
        }


@pytest.fixture
def backend(box):
    """Where a back-end of openEO is, and who may use it."""
    try:
        python()
    except Unavailable as error:
        pytest.skip(str(error))
    running = shared()
    running.heal()
    who = {"OPENEO_USERNAME": USER, "OPENEO_PASSWORD": PASSWORD}
    return {**box.environment, "MULTISAT_OPENEO_URL": running.url, **who}


@pytest.fixture
def beside(areas, tmp_path, monkeypatch, fonts, request):
    """Go to a new folder with the areas, before the services of a page: ``beside(name)``."""

    def go(name):
        shutil.copytree(areas, tmp_path, dirs_exist_ok=True)
        monkeypatch.chdir(tmp_path)
        where = "hub" if name in AT_SENTINEL_HUB else "backend" if name in AT_OPENEO else "box"
        found = request.getfixturevalue(where)
        home = {"HOME": tmp_path, "XDG_STATE_HOME": tmp_path / "state", "MPLCONFIGDIR": fonts}
        for variable, value in {**(found.environment if where == "box" else found), **home}.items():
            monkeypatch.setenv(variable, str(value))
        registry.cache_clear()

    yield go
    registry.cache_clear()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_takes(name):
    page = PAGES[name]
    assert page.text.split("\n\n")[1].strip()[0].isupper()
    for one in page.command.params:
        if isinstance(one, click.Argument):
            assert one.make_metavar(click.Context(page.command)).strip("[].") in page.command.help
        elif one.name != "help":
            assert one.help, one.name
    assert any(line.startswith(name) for line in page.lines)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=MARKS.get(name, ())) for name in PAGES if name not in ELSEWHERE]
)
def test_examples_work(name, beside):
    """They run from top to bottom: what one line needs, a line above it made."""
    beside(name)
    job = None
    for line in PAGES[name].lines:
        done = run_line(JOB.sub(job, line) if job else line)
        assert done.code == CODES.get(line, 0), f"{line}\n{done.out}\n{done.said}"
        assert (done.out + done.said).strip() or line.startswith("echo"), line
        assert [path for path in written(line) if not path.exists()] == [], line
        job = done.out.strip() if "--no-wait" in line else job
