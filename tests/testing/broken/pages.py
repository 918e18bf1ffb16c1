"""Pages that are broken."""

from tests.testing.sound import Same, Sound

from multisat.errors import UsageError


class Wrapped(Sound):
    """Gives searches of the kind ``within``."""

    def search(self, request, **options):
        return self.within(super().search(request, **options), request)


class _Cut(Same):
    @property
    def complete(self):
        return self.inner.complete or (self.request.limit is not None and self.inner.requests > 0)


class CallsACutListComplete(Wrapped):
    fails = "check_a_cut_list_is_not_complete"
    within = _Cut


class _Hasty(Same):
    @property
    def complete(self):
        return self.inner.complete or self.inner.requests == 0


class CompleteFromTheOutset(Wrapped):
    fails = "check_complete_comes_with_the_last_page"
    within = _Hasty


class _Endless(Same):
    @property
    def resume(self):
        return self.inner.resume or "again"


class LeavesAToken(Wrapped):
    fails = "check_no_resume_token_is_left_at_the_end"
    within = _Endless


class BeginsAgain(Sound):
    fails = "check_pages_are_resumed"

    def search(self, request, *, resume=None, deadline=None):
        super().search(request, resume=resume)
        return super().search(request, deadline=deadline)


class TakesAnyToken(Sound):
    fails = "check_a_resume_token_belongs_to_its_request"

    def search(self, request, *, resume=None, deadline=None):
        try:
            return super().search(request, resume=resume, deadline=deadline)
        except UsageError:
            return super().search(request, deadline=deadline)


class _Uncounted(Same):
    def matched(self):
        return None


class DoesNotCount(Wrapped):
    fails = "check_matched_counts"
    within = _Uncounted
