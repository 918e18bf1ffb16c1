"""The collections of one deployment with their scenes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from multisat.sandbox.sentinel_hub.evaluating import Question
from multisat.sandbox.sentinel_hub.grids import PixelGrid
from multisat.sandbox.sentinel_hub.holdings import Holding, holdings
from multisat.sandbox.sentinel_hub.mosaic import wanted_of
from multisat.sandbox.sentinel_hub.refusing import Refused
from multisat.sandbox.sentinel_hub.scenes import SourceScene, scenes_of


class Archive:
    """The collections of one deployment.

    Args:
        deployment: ``"cdse"`` or ``"commercial"``.
    """

    def __init__(self, deployment: str) -> None:
        self.deployment = deployment
        self.holdings = holdings(deployment)

    @property
    def listed(self) -> list[Holding]:
        """Each collection once, but for those of users."""
        found = {one.id: one for one in self.holdings.values()}
        return [one for name, one in found.items() if not name.startswith("byoc-")]

    def scenes(self, holding: Holding) -> tuple[SourceScene, ...]:
        """Return the scenes of a collection, oldest first.

        Ids end in ``.SAFE`` on the Data Space and not on the commercial deployment, as users report (2023-11,
        sentinelhub-py issue 501).
        """
        suffix = ".SAFE" if self.deployment == "cdse" and holding.id.startswith("sentinel-") else ""
        return _kept(holding.id, suffix, self.deployment)

    def question(
        self, data: list[Mapping[str, Any]], script: str, grid: PixelGrid, *, sample_type: str = "AUTO"
    ) -> Question:
        """Return what a request asks to evaluate.

        Args:
            data: Its ``input.data``.
            script: Its evalscript.
            grid: Its grid.
            sample_type: Sample type of outputs that name none.

        Raises:
            Refused: The collection does not exist, there are several, or the pixels are too coarse.
        """
        if len(data) != 1:
            raise Refused("The stand-in takes one collection a request.")
        holding = self.holdings.get(data[0]["type"])
        if holding is None:
            raise Refused(f"Invalid request: collection {data[0]['type']} does not exist here.")
        if grid.metres > holding.coarsest:
            metres = f"{grid.metres:.2f} meters per pixel"
            raise Refused(
                f"Invalid request: {metres} exceeds the limit {holding.coarsest:.2f} of the collection."
            )
        return Question(
            script=script,
            grid=grid,
            holding=holding,
            scenes=self.scenes(holding),
            wanted=wanted_of(data[0], holding),
            sample_type=sample_type,
        )


@cache
def _kept(holding: str, suffix: str, deployment: str) -> tuple[SourceScene, ...]:
    return scenes_of(holdings(deployment)[holding], suffix=suffix)
