"""The parts put together: openeo-driver's web front, our backend behind it, the middleware before it."""

from flask import jsonify
from openeo_driver.errors import FeatureUnsupportedException
from openeo_driver.views import build_app
from tests.openeo_backend.service.collections import Catalogue
from tests.openeo_backend.service.jobs import CREDITS, Jobs
from tests.openeo_backend.service.middleware import Middleware
from tests.openeo_backend.service.processing import Implementation, Processing, UserProcesses
from tests.openeo_backend.service.scenes import archive as scenes_of
from tests.openeo_backend.service.state import DEFAULTS, State


def application(*, archive, jobs, settings):
    """Return the service as a WSGI application.

    Args:
        archive: Which synthetic archive it holds; see ``scenes.archive``.
        jobs: Folder of the jobs.
        settings: What differs from ``state.DEFAULTS``.
    """
    state = State()
    state.catalogue = Catalogue(scenes_of(archive))
    batch = Jobs(jobs, state)
    backend = Implementation(
        catalog=state.catalogue,
        batch_jobs=batch,
        user_defined_processes=UserProcesses(),
        processing=Processing(state),
    )
    state.change(**settings)
    app = build_app(backend_implementation=backend)
    _with_estimates(app, state)
    _without_memory(app.extensions["auth_handler"])
    batch.begin(backend)
    doors = {
        "settings": lambda given: state.change(**given),
        "defaults": lambda _: state.change(**DEFAULTS),
        "judge": lambda given: _judged(state.catalogue.scenes, given),
    }
    return Middleware(app, doors)


def _without_memory(handler):
    """Check the token of every request: openeo-driver believes one for 15 minutes."""

    def user_of(request):
        return handler._get_user_from_bearer_token(handler.get_auth_token(request, "Bearer"))

    handler.get_user_from_bearer_token = user_of


def _with_estimates(app, state):
    """Let jobs be estimated if tests want it; openeo-driver has no estimates."""
    for name, view in list(app.view_functions.items()):
        if name.endswith(".job_estimate"):
            app.view_functions[name] = _estimated(state, view)


def _estimated(state, view):
    def job_estimate(**given):
        try:
            return view(**given)
        except FeatureUnsupportedException:
            if not state.estimates:
                raise
            return jsonify({"costs": CREDITS, "duration": "PT1M"})

    return job_estimate


def _judged(scenes, graph):
    from tests.openeo_backend.service.judge import run

    return run(scenes, graph)
