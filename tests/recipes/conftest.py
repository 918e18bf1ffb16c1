"""The synthetic archive in memory and on disk, once a worker, and cases run over it."""

import pytest
from tests.recipes.stored import Stored

from multisat.contracts import Access


@pytest.fixture(scope="session")
def compute_case():
    """Run a case over the archive in memory: ``compute_case(case, archive, chunks=...)``."""
    from multisat.engine import run

    stored = Stored()

    def access(_provider, asset):
        return Access(href=asset.href)

    def work(case, archive=None, **options):
        return run(stored.task(case, archive), access=access, reader=stored.reader, **options)

    return work


@pytest.fixture(scope="session")
def on_disk(tmp_path_factory):
    """Scenes over files."""
    return Stored(tmp_path_factory.mktemp("archive"))


@pytest.fixture
def over_http(serve, on_disk):
    """Run a case over the same files, served by ranges."""
    from multisat.engine import run

    def answer(handler):
        data = (on_disk.folder / handler.path.lstrip("/")).read_bytes()
        first, last = handler.headers["Range"].removeprefix("bytes=").split("-")
        part = data[int(first) : int(last) + 1]
        handler.send_response(206)
        handler.send_header("Content-Length", str(len(part)))
        handler.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
        handler.end_headers()
        handler.wfile.write(part)

    url = serve(answer)

    def work(case):
        return run(on_disk.task(case), access=lambda _provider, asset: Access(href=f"{url}/{asset.href}"))

    return work
