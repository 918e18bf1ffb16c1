"""The openEO provider does what the contract says, before a backend that computes."""

import threading
from contextlib import contextmanager

import pytest
from tests.openeo_backend import PASSWORD, USER, Backend, Unavailable, python

from multisat.sandbox import Fault, Sandbox
from multisat.sandbox.archive.catalogue import everything
from multisat.sandbox.dialects.cdse_stac import CdseStac
from multisat.sandbox.faults import Faults, broken
from multisat.sandbox.http import Response, Server
from multisat.testing import Target, provider_suite
from multisat.testing.standins import fresh

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("openeo-backend")]


@contextmanager
def catalogue():
    """The stand-in of the catalogue of Copernicus Data Space; gives its address and its faults."""
    faults = Faults()

    def respond(request):
        fault = faults.next_for("catalogue", request.path, 1, None)
        if fault is not None:
            return broken(fault, Response(), server.stopping)
        return made.handle(request, made.asked(request))

    server = Server(0, respond)
    url = f"http://127.0.0.1:{server.server_address[1]}/stac/v1"
    made = CdseStac(url, everything(), str)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield url, faults
    server.stop()
    thread.join()


@contextmanager
def target():
    """The test backend, that catalogue, and Planetary Computer's files to compare with."""
    try:
        python()
    except Unavailable as error:
        pytest.skip(str(error))
    with Backend() as backend, catalogue() as (url, faults), Sandbox() as box:

        @contextmanager
        def breaking(part, kind):
            faults.add(Fault(provider=part, kind=kind))
            yield
            faults.clear()

        login = {"OPENEO_USERNAME": USER, "OPENEO_PASSWORD": PASSWORD}
        own = {"MULTISAT_OPENEO_URL": backend.url, "MULTISAT_OPENEO_CATALOGUE": url}
        yield Target(
            environment={**box.environment, **own, **login},
            aoi=box.places["munich"],
            dateline=box.places["taveuni"],
            empty=(-140.2, 10.0, -140.0, 10.2),
            login=tuple(login),
            secrets=(PASSWORD,),
            breaking=breaking,
            twin=fresh("planetary-computer"),
        )


test_openeo = provider_suite("openeo", target=target)
