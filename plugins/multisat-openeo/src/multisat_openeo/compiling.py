"""A task as a process graph of standard processes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from multisat.engine.plan import Plan
from multisat.errors import UsageError
from multisat.expressions import parse
from multisat.steps import Task
from multisat.vocab.masks import QUALITY_LAYERS
from multisat_openeo.clipping import outline
from multisat_openeo.formulas import computed, finite
from multisat_openeo.graph import Flat, Graph, Value, callback, parameter
from multisat_openeo.masking import masked, reach
from multisat_openeo.place import Place, extent
from multisat_openeo.reducing import reducer, simple
from multisat_openeo.spans import Spans, hull

CALENDAR = ("month", "season")
"""Periods that are asked for by name. The standard knows more, but openeo-driver 0.136 leaves out dekads of
the first month, and begins days and years where the time range begins; others are given as intervals."""
NETCDF = "netCDF"
_PERIOD = "aggregate_temporal_period"


def composed(task: Task, plan: Plan, place: Place, spans: Spans, *, form: str = NETCDF) -> Flat:
    """Return the graph of a task up to its composite: pixels of all variables, and their count or mask.

    What comes after a composite (smoothing, the anomaly) is done here with the engine of this machine.

    Args:
        task: What to compute.
        plan: The same made ready.
        place: What the back-end calls things.
        spans: The periods, of the baseline, too; empty if time steps are kept.
        form: Format of the file.
    """
    draft = Draft(graph=Graph(), task=task, place=place)
    bands, hidden = draft.looks()
    each = [draft.variable(bands, name) for name in task.steps.variables]
    if spans:
        made = draft.periods(each, spans)
    else:
        made = draft.together([*each, *([] if hidden is None else [draft.named(hidden, "mask")])])
    if plan.area is not None:
        made = draft.graph.add("mask_polygon", data=made, mask=outline(task))
    return draft.saved(made, form)


def loaded(task: Task, place: Place, *, form: str = NETCDF) -> Flat:
    """Return the graph that only loads: the stored numbers of every time step, for work on this machine."""
    draft = Draft(graph=Graph(), task=task, place=place)
    return draft.saved(draft.loaded(), form)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A process graph of a task while it is made.

    Attributes:
        graph: The graph.
        task: What to compute.
        place: What the back-end calls things.
    """

    graph: Graph
    task: Task
    place: Place

    @property
    def natives(self) -> list[str]:
        """The back-end's names of the bands that are computed with."""
        return self.place.natives(self.task.steps.needs)

    @property
    def margin(self) -> int:
        """Pixels around the grid that can change a mask on it."""
        return reach(self.task.steps.masked, self.task.grid.resolution[0])

    def loaded(self) -> Value:
        """Load the bands and the quality layer at once, with a margin for kernels."""
        limit, properties = self.task.request.max_cloud, None
        if limit is not None and self.place.limits:
            condition = callback(lambda inner: inner.add("lte", x=parameter("value"), y=limit))
            properties = {self.place.source.cloud: condition}
        return self.graph.add(
            "load_collection",
            id=self.place.collection,
            spatial_extent=extent(self.task.grid, self.margin),
            temporal_extent=list(hull(self.task)),
            bands=bands_of(self.task, self.place),
            properties=properties,
        )

    def looks(self) -> tuple[Value, Value]:
        """Return the bands of every time step without what is masked, and the mask or None."""
        add, mask, cube = self.graph.add, self.task.steps.masked, self.loaded()
        alone = bands_of(self.task, self.place) == self.natives
        bands, hidden = cube if alone else add("filter_bands", data=cube, bands=self.natives), None
        if mask is not None:
            layer = add("filter_bands", data=cube, bands=[self.place.quality])
            side = self.task.grid.resolution[0]
            hidden = masked(self.graph, layer, QUALITY_LAYERS[self.place.layer], mask, side)
            bands = add("mask", data=bands, mask=hidden)
        if self.margin:
            inside = extent(self.task.grid, 0)
            bands, hidden = (add("filter_bbox", data=one, extent=inside) for one in (bands, hidden))
        return bands, hidden

    def variable(self, bands: Value, name: str) -> Value:
        """Return a cube with one band, the variable, in physical units."""
        formula = next((one for one in self.task.steps.formulas if one.name == name), None)

        def work(inner: Graph) -> Value:
            if formula is None:
                return self._physical(inner, name)
            values = {one: self._physical(inner, one) for one in formula.bands}
            return finite(inner, computed(inner, parse(formula.expression), values))

        found = self.graph.add("reduce_dimension", data=bands, dimension="bands", reducer=callback(work))
        return self.named(found, name)

    def _physical(self, graph: Graph, name: str) -> Value:
        band = self.place.band(name)
        found = graph.add("array_element", data=parameter("data"), index=self.natives.index(band.native))
        if band.scale != 1:
            found = graph.add("multiply", x=found, y=band.scale)
        return graph.add("add", x=found, y=band.offset) if band.offset else found

    def periods(self, each: Sequence[Value], spans: Spans) -> Value:
        """Return periods of all variables, with the number of looks that have any of them."""
        composite = self.task.steps.composed
        if composite is None:
            raise UsageError("there is no composite", hint='add composite("month")')
        every = self.together(each)
        seen = self.graph.add("reduce_dimension", data=every, dimension="bands", reducer=simple("max"))
        by_name = composite.period in CALENDAR and self.task.steps.compared is None
        calendar = composite.period if by_name and _PERIOD in self.place.processes else None
        values, count = (
            self._aggregated(cube, how, spans, calendar)
            for cube, how in ((every, reducer(composite)), (seen, simple("count")))
        )
        return self.together([values, self.named(count, "count")])

    def _aggregated(self, cube: Value, how: Value, spans: Spans, calendar: object) -> Value:
        if calendar is not None:
            return self.graph.add(_PERIOD, data=cube, period=calendar, reducer=how)
        times = {"intervals": spans.intervals, "labels": spans.labels}
        return self.graph.add("aggregate_temporal", data=cube, reducer=how, **times)

    def named(self, cube: Value, name: str) -> Value:
        """Return a cube without bands as one that has one."""
        return self.graph.add("add_dimension", data=cube, name="bands", label=name, type="bands")

    def together(self, cubes: Sequence[Value]) -> Value:
        """Return one cube with the bands of several."""
        return reduce(lambda one, other: self.graph.add("merge_cubes", cube1=one, cube2=other), cubes)

    def saved(self, cube: Value, form: str) -> Flat:
        """Return the whole graph, which ends with a file."""
        return self.graph.ending(self.graph.add("save_result", data=cube, format=form))


def bands_of(task: Task, place: Place) -> list[str]:
    """Return the back-end's names of all that is loaded.

    A cube has the pixels of its finest band, so that a band as fine as the grid is among them.
    """
    names = place.natives(task.steps.needs)
    if task.steps.masked is not None and place.quality:
        names = list(dict.fromkeys([*names, place.quality]))
    side = task.grid.resolution[0]
    sizes = {band.native: band.size for band in place.source.bands.values() if band.native in place.has}
    if min(sizes[name] for name in names) > side:
        names += [name for name, size in sizes.items() if size == side][:1]
    return names
