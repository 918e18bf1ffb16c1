"""A plan as notebooks show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multisat.drawing import Html, card, element, map_of
from multisat.model.showing import area_outline, outcomes_html
from multisat.recipe.explaining import described

if TYPE_CHECKING:
    from multisat.recipe.plan import Plan


def plan_html(plan: Plan) -> Html:
    """Return a map of the area and what will be done; no service is asked for it."""
    where = plan.engine or "this machine"
    cost = [f"cost: {plan.cost()}"] if plan.engine is None else []
    text = "\n".join([*described(plan), *cost])
    return card(
        f"Plan, computed at {where}",
        map_of([area_outline(plan.task.request.aoi)], width=260),
        element("pre", text, style="margin:.4em 0;white-space:pre-wrap"),
        outcomes_html(plan.outcomes) if plan.outcomes else "",
    )
