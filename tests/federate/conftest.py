"""A small STAC API on loopback whose catalogue a test writes, with faults where it asks for them."""

import json

import pytest


def item(number, *, collection="sentinel-2-c1-l2a", day=1, cloud=10.0, **properties):
    """A Sentinel-2 item over 11..12 degrees east, 48..49 north, on a day of May 2023."""
    tile, when = "32UPU", f"202305{day:02d}T101031"
    uri = f"S2A_MSIL2A_{when}_N0509_R022_T{tile}_202305{day:02d}T200000.SAFE"
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": f"S2A_T{tile}_{when}_{number}_L2A",
        "collection": collection,
        "bbox": [11, 48, 12, 49],
        "geometry": {"type": "Polygon", "coordinates": [[[11, 48], [12, 48], [12, 49], [11, 49], [11, 48]]]},
        "properties": {
            "datetime": f"2023-05-{day:02d}T10:16:30Z",
            "platform": "sentinel-2a",
            "eo:cloud_cover": cloud,
            "s2:product_uri": uri,
            "s2:processing_baseline": "05.09",
            "s2:datastrip_id": f"S2A_OPER_MSI_L2A_DS_2APS_20230501T200000_S202305{day:02d}T10{number // 60:02d}{number % 60:02d}_N05.09",
            "grid:code": f"MGRS-{tile}",
            "proj:epsg": 32632,
            **properties,
        },
        "assets": {"red": {"href": "http://127.0.0.1:9/red.tif"}},
        "links": [],
    }


class Catalogue:
    """Answers ``/search`` with pages of items; ``fault(page, limit)`` may answer in its place."""

    def __init__(self, items, *, answer_with, fault=None):
        self.items, self.fault, self._reply = items, fault, answer_with
        self.bodies, self.ports, self.url = [], set(), ""

    def __call__(self, handler):
        body = json.loads(handler.rfile.read(int(handler.headers.get("Content-Length") or 0)) or b"{}")
        self.bodies.append(body)
        self.ports.add(handler.client_address[1])
        start, limit = int(body.get("token") or 0), body.get("limit", 10)
        if self.fault and self.fault(handler, start, limit):
            return
        page = {"type": "FeatureCollection", "features": self.items[start : start + limit], "links": []}
        if start + limit < len(self.items):
            page["links"] = [self.next_link({**body, "token": str(start + limit)})]
        self._reply(handler, 200, json.dumps(page).encode(), Content_Type="application/geo+json")

    def next_link(self, body):
        return {"rel": "next", "method": "POST", "href": f"{self.url}/search", "body": body}


@pytest.fixture
def catalogue(serve, answer_with, monkeypatch):
    """Start a catalogue in the place of a provider: ``catalogue("earth-search", items, fault=...)``."""

    def start(provider, items, **options):
        made = Catalogue(items, answer_with=answer_with, **options)
        made.url = serve(made)
        monkeypatch.setenv(f"MULTISAT_{provider.upper().replace('-', '_')}_URL", made.url)
        return made

    return start


@pytest.fixture
def make_item():
    return item
