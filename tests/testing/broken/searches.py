"""Searches that are broken."""

from dataclasses import replace
from datetime import timedelta

from tests.testing.sound import Same, Sound

from multisat.errors import NothingFound, UnsupportedOperation
from multisat.model import AOI, TimeRange


class Filtered(Sound):
    """Drops scenes; see ``keeps``."""

    def search(self, request, **options):
        return _Filtered(super().search(request, **options), request, self.keeps)

    def keeps(self, request, scene):
        return True


class _Filtered(Same):
    def __init__(self, inner, request, keeps):
        super().__init__(inner, request)
        self.keeps = keeps

    def pages(self):
        for page in self.inner.pages():
            yield replace(page, scenes=tuple(s for s in page.scenes if self.keeps(self.request, s)))


class Changed(Sound):
    """Asks another question; see ``changed``."""

    def search(self, request, **options):
        return super().search(self.changed(request), **options)


class FindsNothing(Filtered):
    fails = "check_search_finds_scenes"

    def keeps(self, request, scene):
        return False


class AsksAtOnce(Sound):
    fails = "check_search_asks_nothing_before_its_first_page"

    def search(self, request, **options):
        return _Begun(super().search(request, **options), request)


class _Begun(Same):
    def __init__(self, inner, request):
        super().__init__(inner, request)
        self.rest, self.read = inner.pages(), False
        self.first = next(self.rest, None)

    def pages(self):
        if self.first is not None:
            yield self.first
        yield from self.rest
        self.read = True

    @property
    def complete(self):
        return self.read and self.inner.complete


class LooksFurther(Changed):
    fails = "check_search_gives_what_touches_the_area"

    def changed(self, request):
        if request.aoi.centroid[1] < 0 or request.limit:
            return request
        return replace(request, aoi=AOI.of(request.aoi.lonlat.buffer(0.5)))


class GivesTwice(Sound):
    fails = "check_search_gives_no_scene_twice"

    def search(self, request, **options):
        return _Twice(super().search(request, **options), request)


class _Twice(Same):
    def pages(self):
        for page in self.inner.pages():
            yield replace(page, scenes=(*page.scenes, *page.scenes[:1]))


class ForgetsWhenAskedAgain(Filtered):
    fails = "check_search_is_repeatable"

    def search(self, request, *, resume=None, deadline=None):
        known = vars(self).setdefault("known", {})
        known[request] = known.get(request, 0) + (resume is None)
        return super().search(request, resume=resume, deadline=deadline)

    def keeps(self, request, scene):
        return self.known[request] == 1 or "20230503" in scene.id or "20230504" not in scene.id


class LosesTheDateline(Filtered):
    fails = "check_search_crosses_the_antimeridian"

    def keeps(self, request, scene):
        return not request.aoi.crosses_antimeridian


class ComplainsOfNothing(Sound):
    fails = "check_search_of_an_empty_area_is_empty"

    def search(self, request, **options):
        return _Complaining(super().search(request, **options), request)


class _Complaining(Same):
    def pages(self):
        yield from self.inner.pages()
        if -179 < self.request.aoi.centroid[0] < -100:
            raise NothingFound("there is nothing")


class TakesAnyCollection(Sound):
    fails = "check_unknown_collections_are_refused"

    def held(self, collections):
        try:
            return super().held(collections)
        except UnsupportedOperation:
            return list(self.holdings)


class HidesItsNames(Sound):
    fails = "check_native_names_are_accepted"

    @property
    def capabilities(self):
        return replace(super().capabilities, native=())


class DropsTheStart(Filtered):
    fails = "check_time_includes_its_start"

    def keeps(self, request, scene):
        return request.time is None or scene.datetime != request.time.start


class IncludesTheEnd(Changed):
    fails = "check_time_excludes_its_end"

    def changed(self, request):
        return replace(
            request, time=TimeRange(start=request.time.start, end=request.time.end + timedelta(seconds=1))
        )


class IgnoresClouds(Changed):
    fails = "check_cloud_limit_is_kept"

    def changed(self, request):
        return replace(request, max_cloud=None)


class DropsTheLimit(Filtered):
    fails = "check_cloud_limit_is_inclusive"

    def keeps(self, request, scene):
        return request.max_cloud is None or scene.cloud_cover != request.max_cloud


class DropsTheUnknown(Filtered):
    fails = "check_unknown_cloud_is_kept"

    def keeps(self, request, scene):
        return request.max_cloud is None or scene.cloud_cover is not None


class IgnoresProperties(Changed):
    fails = "check_property_filters_are_kept"

    def changed(self, request):
        return replace(request, filters=())


class KeepsTheLast(Changed):
    fails = "check_limit_keeps_the_first"

    def changed(self, request):
        return replace(request, sort="-datetime")
