"""A stand-in of Sentinel Hub over the synthetic world; evalscripts really run, in V8.

Start it with ``Sandbox(sentinel_hub=True)``, or ``sentinel_hub="commercial"`` for a deployment that has HLS
and Landsat, too. ``Sandbox.environment`` then has ``MULTISAT_SENTINEL_HUB_URL``, ``MULTISAT_CDSE_TOKEN_URL``
and, for results of jobs, ``MULTISAT_SENTINEL_HUB_BUCKET_URL``: an S3 endpoint with a bucket ``bucket.BUCKET``
that ``bucket.ACCESS_KEY`` opens. Clients are in ``multisat.sandbox.secure.accounts.CLIENTS``. The hosts are
called ``"sentinel-hub"`` and ``"bucket"`` in ``Sandbox.hosts``, ``received`` and ``Fault``.

``Sandbox.sentinel_hub`` is the stand-in itself: its ``account`` says what was spent and may be spent, its
``broken`` lets single intervals or features fail, its ``bucket`` has the objects.

Endpoints, all below the address and all with a bearer token:

* ``/api/v1/catalog/1.0.0``: ``collections``, ``collections/ID``, ``collections/ID/queryables``,
  ``collections/ID/items/ID``, and ``POST search``.
* ``POST /api/v1/process``: TIFF, PNG, JPEG, user data, several of them in a tar.
* ``POST /api/v1/statistics``.
* ``POST /api/v1/async/process``, then ``GET .../ID``: running at the first look, gone at the next.
* ``/api/v2/batch``: ``POST process``, ``GET process``, ``GET process/ID``, ``POST process/ID/analyse``,
  ``start``, ``stop``, ``GET tilinggrids``. Each look at a job moves it on by one step.
* ``/api/v1/statistics/batch``: the same for statistics, with ``ID/status``.
* ``GET /api/v1/byoc/collections``.
"""
