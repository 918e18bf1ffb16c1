"""One stand-in of Sentinel Hub for the whole run, and the unmodified client of the service."""

import pytest
import requests

from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS

YEAR = ("2023-01-01T00:00:00Z", "2023-12-31T23:59:59Z")


@pytest.fixture(scope="session")
def hub():
    with Sandbox(sentinel_hub=True) as running:
        yield running


@pytest.fixture(autouse=True)
def sound(hub):
    """Nothing that one test breaks is broken in the next, and the stand-in itself does not break."""
    yield
    hub.clear_faults()
    hub.sentinel_hub.broken.clear()
    hub.sentinel_hub.account.limit = float("inf")
    crashes = hub.sentinel_hub.crashes[:]
    hub.sentinel_hub.crashes.clear()
    assert not crashes


@pytest.fixture(scope="session")
def login():
    """Headers with a new token of a sandbox: ``login(box)``."""

    def get(box):
        form = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": CLIENTS[CLIENT]}
        answer = requests.post(box.environment["MULTISAT_CDSE_TOKEN_URL"], data=form, timeout=30)
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return get


@pytest.fixture
def ask(hub, login):
    """Send a request: ``ask("/api/v1/process", body)``; without a body it is a GET."""
    headers = login(hub)

    def send(path, body=None, method=None, **more):
        url = hub.environment["MULTISAT_SENTINEL_HUB_URL"] + path
        kind = method or ("GET" if body is None else "POST")
        return requests.request(kind, url, json=body, headers={**headers, **more}, timeout=60)

    return send


@pytest.fixture(scope="session")
def settings(hub, tmp_path_factory):
    """Settings of the sentinelhub client; nothing of the user's is read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        from sentinelhub import SHConfig

        yield SHConfig(
            use_defaults=True,
            sh_client_id=CLIENT,
            sh_client_secret=CLIENTS[CLIENT],
            sh_base_url=hub.environment["MULTISAT_SENTINEL_HUB_URL"],
            sh_token_url=hub.environment["MULTISAT_CDSE_TOKEN_URL"],
            download_sleep_time=0.1,
            max_download_attempts=2,
            max_retries=3,
        )


@pytest.fixture(scope="session")
def collection(settings):
    from sentinelhub import DataCollection

    return DataCollection.SENTINEL2_L2A.define_from("S2_SANDBOX", service_url=settings.sh_base_url)


@pytest.fixture(scope="session")
def scene(hub):
    """A scene of Planetary Computer: ``scene("20230504")``."""

    def find(day, place="munich", collection="sentinel-2-l2a"):
        return next(
            entry
            for entry in hub.scenes
            if entry.provider == "planetary-computer"
            and (entry.collection, entry.place) == (collection, place)
            and day in entry.id
        )

    return find


@pytest.fixture(scope="session")
def corner(scene):
    """Easting and northing of the upper left corner of Munich's window."""
    frame = scene("20230504").files["B04"].frame
    return frame.x, frame.y


@pytest.fixture
def body(corner):
    """A process request over 40 x 30 pixels of Munich that lie on those of the 10 m bands."""

    def make(script, times=YEAR, **changes):
        x, y = corner
        data = {"type": "sentinel-2-l2a", "dataFilter": {"timeRange": {"from": times[0], "to": times[1]}}}
        crs = {"crs": "http://www.opengis.net/def/crs/EPSG/0/32632"}
        bounds = {"bbox": [x + 1000, y - 2300, x + 1400, y - 2000], "properties": crs}
        tiff = [{"identifier": "default", "format": {"type": "image/tiff"}}]
        whole = {
            "input": {"bounds": bounds, "data": [data]},
            "output": {"width": 40, "height": 30, "responses": tiff},
            "evalscript": script,
        }
        for path, value in changes.items():
            *inner, last = path.split("__")
            place = whole
            for name in inner:
                place = place[int(name) if name.isdigit() else name]
            place[int(last) if last.isdigit() else last] = value
        return whole

    return make
