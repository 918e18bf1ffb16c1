"""What notebooks show: well formed, harmless, and without any address of a file."""

import multisat as ms
from multisat.errors import ProviderError
from multisat.model import AOIs, Outcome, Status

HOSTILE = "<img src=x onerror=alert(1)>"


def shown(value, harmless):
    text = value._repr_html_()
    harmless(text)
    assert "://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    return text


def test_areas(harmless):
    one = ms.AOI.of((11.495, 48.312, 11.52, 48.33), name=HOSTILE)
    text = shown(one, harmless)
    assert "&lt;img src=x" in text
    assert "3.71 km²" in text
    assert "11.4950, 48.3120, 11.5200, 48.3300" in text
    many = AOIs(tuple(one.renamed(str(n)) for n in range(300)))
    text = shown(many, harmless)
    assert "300 areas of interest, 200 on the map" in text
    assert "… and 290 more" in text
    assert "<circle" in shown(ms.AOI.of((11.5, 48.3)), harmless)


def test_scenes_and_results(found, harmless):
    text = shown(found, harmless)
    for word in (
        "5 scenes; the list is complete",
        "earth-search",
        "S2A_T32UPU_20230504T101034_L2A",
        "35.0 %",
    ):
        assert word in text
    assert text.count("<title>") == len(found) + 1  # footprints and the area
    text = shown(found[0], harmless)
    for word in ("32UPU", "05.09", "rededge1", "also at"):
        assert word in text
    assert "0 scenes" in shown(found[:0], harmless)


def test_a_scene_without_an_outline_is_shown_as_well(found, harmless):
    from dataclasses import replace

    broken = replace(found[0], footprint={"type": "Polygon"})
    assert "The footprint is no geometry." in shown(broken, harmless)
    assert "the footprint is no geometry" in shown(replace(found, scenes=(broken,)), harmless)


def test_outcomes(harmless):
    error = ProviderError(f"it said {HOSTILE}", provider="earth-search", hint="ask later")
    one = Outcome(provider="earth-search", status=Status.FAILED, error=error, notes=("slow",))
    text = shown(one, harmless)
    assert "it said &lt;img" in text
    assert "ask later" in text


def test_screenings(screening, harmless):
    text = shown(screening, harmless)
    assert "5 looks at 1 area" in text
    assert text.count("<svg") == len(screening)
    assert '<rect x="1" y="1" width="100.0"' in text  # the day without a cloud


def test_plans_ask_nobody(box, harmless):
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
    plan = recipe.plan(box.places["munich"], "2023-05/2023-06")
    before = len(box.requests)
    text = shown(plan, harmless)
    assert len(box.requests) == before
    for word in ("computed at this machine", "2. NDVI = (nir - red) / (nir + red)", "cost: "):
        assert word in text


def test_results_across_180_are_in_one_piece(box):
    found = ms.search(box.places["taveuni"], "2023-05", collections="sentinel-2-l2a")
    assert "-179.98°" in found._repr_html_()
