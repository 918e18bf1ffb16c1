"""Scenes and assets that are broken."""

from dataclasses import replace
from datetime import timedelta, timezone

from shapely.geometry import box, mapping
from tests.testing.sound import Sound

from multisat.errors import BaselineMissing


class Rewritten(Sound):
    """Changes scenes; see ``rewritten``."""

    def scene(self, item):
        return self.rewritten(super().scene(item), item)


class NamesAnother(Rewritten):
    fails = "check_scenes_name_their_provider"

    def rewritten(self, scene, item):
        return replace(scene, provider="somebody-else")


class InventsACollection(Rewritten):
    fails = "check_scenes_are_of_declared_collections"

    def rewritten(self, scene, item):
        return replace(scene, collection="my-sentinel")


class LocalTime(Rewritten):
    fails = "check_times_are_utc"

    def rewritten(self, scene, item):
        return replace(scene, datetime=scene.datetime.astimezone(timezone(timedelta(hours=2))))


class BeyondTheEarth(Rewritten):
    fails = "check_footprints_are_on_earth"

    def rewritten(self, scene, item):
        return replace(scene, footprint=mapping(scene.geometry.union(box(190, 10, 191, 11))))


class OverAHundred(Rewritten):
    fails = "check_cloud_cover_is_percent_or_unknown"

    def rewritten(self, scene, item):
        return replace(scene, cloud_cover=250.0) if scene.cloud_cover == 100 else scene


class AllTheSame(Rewritten):
    fails = "check_acquisitions_tell_scenes_apart"

    def rewritten(self, scene, item):
        return replace(scene, acquisition=replace(scene.acquisition, name="an acquisition", part=None))


class ForgetsWhenSaved(Rewritten):
    fails = "check_scenes_are_read_again_from_json"

    def rewritten(self, scene, item):
        return replace(scene, cloud_cover=None) if "multisat:provider" in item["properties"] else scene


class StumblesOverItems(Sound):
    fails = "check_what_is_no_item_is_refused"

    def scene(self, item):
        return super().scene({**item, "id": item["id"]})


class Repainted(Rewritten):
    """Changes the asset of the band ``blue``; see ``repainted``."""

    def rewritten(self, scene, item):
        try:
            return replace(scene, assets={**scene.assets, **self.repainted(scene.assets)})
        except (KeyError, BaselineMissing):
            return scene

    def repainted(self, assets):
        return {"blue": replace(assets["blue"], **dict([self.change]))}


class OwnNames(Repainted):
    fails = "check_bands_are_in_the_vocabulary"

    def repainted(self, assets):
        return {"B02": assets["blue"]}


class WrongLabel(Repainted):
    fails = "check_assets_are_under_their_bands"
    change = ("band", "green")


class NoReason(Repainted):
    fails = "check_scaling_has_reasons"
    change = ("why", " ")


class OwnUnits(Repainted):
    fails = "check_units_are_those_of_the_vocabulary"
    change = ("unit", "DN")


class SignsItsScenes(Repainted):
    fails = "check_addresses_are_unsigned"
    change = ("href", "https://example.com/blue.tif?se=2030&sig=synthetic")


class NoQuality(Rewritten):
    fails = "check_quality_layers_are_there"

    def rewritten(self, scene, item):
        return replace(scene, assets={b: scene.assets[b] for b in ("red", "nir") if b in scene.assets})
