"""What is left of an account, as far as anybody tells."""

from __future__ import annotations

from multisat_sentinel_hub.deployments import Deployment
from multisat_sentinel_hub.service import spent_so_far

_DASHBOARDS = {
    "cdse": "https://shapps.dataspace.copernicus.eu/dashboard/",
    "services": "https://apps.sentinel-hub.com/dashboard/",
    "services-uswest2": "https://apps.sentinel-hub.com/dashboard/",
}


def left(place: Deployment) -> tuple[tuple[str, str], ...]:
    """Return what the service has for an account: it tells no program what is left, only people.

    Args:
        place: The deployment.
    """
    where = _DASHBOARDS.get(place.name, "the dashboard of the service")
    return (
        ("processing units left", f"the service tells it on {where} only"),
        ("processing units spent by this process", f"{spent_so_far():.2f}"),
    )
