"""A template: an archive of your own in one short module; see README.md."""

from multisat.plugins import ProviderSpec, hookimpl


@hookimpl
def multisat_providers():
    yield ProviderSpec(name="example", factory="multisat_example.provider:Example")
