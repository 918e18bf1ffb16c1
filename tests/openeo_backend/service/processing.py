"""How process graphs are evaluated, and the backend made of its parts."""

from openeo_driver.backend import (
    OpenEoBackendImplementation,
    UserDefinedProcesses,
    UserDefinedProcessMetadata,
)
from openeo_driver.errors import ProcessGraphNotFoundException
from openeo_driver.ProcessGraphDeserializer import ConcreteProcessing

SYNC_CREDITS = 7.0
"""A request to /result costs this much at CDSE, whatever it is (CDSE forum, topic 5037, 2026)."""
_RASTER = {"gis_data_types": ["raster"], "parameters": {}}
_TABLE = {"gis_data_types": ["vector", "table"], "parameters": {}}


class Processing(ConcreteProcessing):
    """The driver's processes, less those that tests take away.

    Args:
        state: What tests have changed.
    """

    def __init__(self, state):
        self.state = state

    def get_process_registry(self, api_version):
        whole = super().get_process_registry(api_version)
        return _Without(whole, self.state.without) if self.state.without else whole

    def evaluate(self, process_graph, env=None):
        # Masks are not left to load_collection, as the driver would for a backend that can do both at once.
        env = env.push(data_mask_optimization=False, node_caching="geopyspark-progressive")
        self.state.work(env)
        return super().evaluate(process_graph, env=env)


class _Without:
    """A process registry that lacks some processes."""

    def __init__(self, registry, names):
        self._registry, self._names = registry, names

    def __getattr__(self, name):
        return getattr(self._registry, name)

    def get_function(self, name, namespace="backend"):
        return self._registry.get_function("" if name in self._names else name, namespace=namespace)

    def get_processes_listing(self, *, exclusion_list=None):
        return self._registry.get_processes_listing(exclusion_list=[*(exclusion_list or ()), *self._names])


class UserProcesses(UserDefinedProcesses):
    """Processes that users have stored, until the server ends."""

    def __init__(self):
        self._kept = {}

    def get(self, user_id, process_id):
        return self._kept.get((user_id, process_id))

    def get_for_user(self, user_id):
        return [one for (user, _), one in self._kept.items() if user == user_id]

    def save(self, user_id, process_id, spec):
        self._kept[user_id, process_id] = UserDefinedProcessMetadata.from_dict({**spec, "id": process_id})

    def delete(self, user_id, process_id):
        if self._kept.pop((user_id, process_id), None) is None:
            raise ProcessGraphNotFoundException(process_graph_id=process_id)


class Implementation(OpenEoBackendImplementation):
    """The backend: catalogue, processes, jobs."""

    def file_formats(self):
        output = {"netCDF": _RASTER, "GTiff": _RASTER, "JSON": _TABLE, "CSV": _TABLE, "GeoJSON": _TABLE}
        return {"input": {"GeoJSON": {"gis_data_types": ["vector"], "parameters": {}}}, "output": output}

    def capabilities_billing(self):
        return {"currency": "credits"}

    def request_costs(self, *, user, job_options=None, request_id, success):
        return SYNC_CREDITS if success else None
