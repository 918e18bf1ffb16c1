"""Providers that fail in the wrong way."""

from tests.testing.sound import Same, Sound

from multisat.errors import InvalidAnswer, MultisatError, ProviderRefused


class Failing(Sound):
    """Treats a kind of failure wrongly: ``meets`` says which, ``instead`` what is raised, None for nothing."""

    instead = None

    def search(self, request, **options):
        return _Failing(super().search(request, **options), request, self)


class _Failing(Same):
    def __init__(self, inner, request, owner):
        super().__init__(inner, request)
        self.owner = owner

    def pages(self):
        try:
            yield from self.inner.pages()
        except MultisatError as error:
            if not self.owner.meets(f"{error} {error.__cause__}"):
                raise
            if self.owner.instead is not None:
                raise self.owner.instead from None


class RefusesLogins(Failing):
    fails = "check_unauthorised_is_a_credentials_error"
    instead = ProviderRefused("no", provider="earth-search")

    def meets(self, text):
        return "answered 401" in text


class StumblesWhenForbidden(Failing):
    fails = "check_forbidden_is_a_refusal"
    instead = RuntimeError("403")

    def meets(self, text):
        return "answered 403" in text


class FindsNothingThere(Failing):
    fails = "check_not_found_is_a_refusal"

    def meets(self, text):
        return "answered 404" in text


class HeedsNoLimit(Failing):
    fails = "check_too_many_requests_is_unavailable"
    instead = InvalidAnswer("429", provider="earth-search")

    def meets(self, text):
        return "answered 429" in text


class HidesErrors(Failing):
    fails = "check_a_server_error_is_unavailable"

    def meets(self, text):
        return "answered 500" in text


class HidesHangs(Failing):
    fails = "check_a_hang_ends_at_the_deadline"

    def meets(self, text):
        return "deadline" in text and "answered" not in text


class BelievesPages(Failing):
    fails = "check_a_login_page_is_no_answer"

    def meets(self, text):
        return "JSON" in text


class Sulks(Failing):
    fails = "check_it_is_well_again_after_a_failure"

    def search(self, request, **options):
        return _Sulking(super().search(request, **options), request, self)


class _Sulking(Same):
    def __init__(self, inner, request, owner):
        super().__init__(inner, request)
        self.owner = owner

    def pages(self):
        try:
            if not getattr(self.owner, "hurt", False):
                yield from self.inner.inner.pages()
        except ProviderRefused:
            self.owner.hurt = True
            raise
