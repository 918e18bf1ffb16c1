"""Files that are not what is said of them."""

from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.testing.broken.scenes import Rewritten
from tests.testing.sound import Sound

from multisat.contracts import Access
from multisat.errors import BaselineMissing


class Misdescribed(Rewritten):
    """Changes every measured asset; see ``misdescribed``."""

    def rewritten(self, scene, item):
        try:
            return replace(scene, assets={b: self.misdescribed(scene.assets[b]) for b in scene.assets})
        except BaselineMissing:
            return scene


class WrongShape(Misdescribed):
    fails = "check_files_lie_where_declared"

    def misdescribed(self, asset):
        if asset.grid is None:
            return asset
        rows, columns = asset.grid.shape
        return replace(asset, grid=replace(asset.grid, shape=(rows + 10, columns)))


class WrongType(Misdescribed):
    fails = "check_files_have_the_declared_type"

    def misdescribed(self, asset):
        return replace(asset, dtype="int16") if asset.unit else asset


class StoredNumbers(Misdescribed):
    fails = "check_load_gives_physical_numbers"

    def misdescribed(self, asset):
        return replace(asset, scale=1.0) if asset.unit else asset


class _Carried(Access):
    def __reduce__(self):
        return (str, (self.href,))


class CanBeCarriedAway(Sound):
    fails = "check_access_is_made_anew_and_never_kept"

    def access(self, asset):
        return _Carried(href=asset.href)


class LooksForItself(Sound):
    fails = "check_a_missing_file_is_unreadable"

    def access(self, asset):
        try:
            urlopen(asset.href).close()
        except HTTPError as error:
            error.close()
            raise KeyError(asset.href) from None
        return super().access(asset)
