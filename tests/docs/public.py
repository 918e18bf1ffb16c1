"""What is public: names, their methods, properties and attributes, with what their docstrings say."""

import ast
import builtins
import dataclasses
import inspect
import re
import textwrap
from functools import cache, cached_property
from importlib import import_module

from multisat import errors

MODULES = (
    "multisat",
    "multisat.auth",
    "multisat.contracts",
    "multisat.downloads",
    "multisat.errors",
    "multisat.jobs",
    "multisat.model",
    "multisat.plugins",
    "multisat.recipe",
    "multisat.screening",
    "multisat.stac",
    "multisat.steps",
    "multisat.testing",
    "multisat.writing",
)
EXTRA = (
    "multisat.accessor.MultisatAccessor",
    "multisat.changes.change.change",
    "multisat.cube.load.load",
    "multisat.plugins.hookspecs.multisat_providers",
    "multisat.sandbox.Fault",
    "multisat.sandbox.Sandbox",
    "multisat.screening.fetching.fetch",
    "multisat.vocab.holdings.Holding",
    "multisat_openeo.run_graph",
    *(f"multisat.raster.{name}" for name in ("Pixels", "Raster", "RasterInfo", "Reader", "Window")),
)
"""Public, though no ``__all__`` has them."""
_ITEM = re.compile(r"^    \*{0,2}(\w+):(.*(?:\n        .*|\n(?=\n        ))*)", re.MULTILINE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """A function, method or property."""

    name: str
    function: object
    value: bool

    @cached_property
    def doc(self):
        return inspect.cleandoc(self.function.__doc__ or "")

    @cached_property
    def arguments(self):
        names = inspect.signature(self.function).parameters
        return [name for name in names if name not in {"self", "cls"} and name.strip("_")]

    @cached_property
    def types(self):
        """Argument to its annotation; of a property its own."""
        own = {self.name.rpartition(".")[2]: self.given_back} if self.value else {}
        return own | {name: str(text) for name, text in self.function.__annotations__.items()}

    @cached_property
    def given_back(self):
        return str(inspect.signature(self.function).return_annotation)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kind:
    """A class."""

    name: str
    type: type

    @cached_property
    def doc(self):
        own = vars(self.type).get("__doc__") or ""
        generated = own.startswith(f"{self.type.__name__}(")
        return "" if generated else inspect.cleandoc(own)

    @cached_property
    def types(self):
        """Attribute to its annotation."""
        return {name: str(text) for name, text in vars(self.type).get("__annotations__", {}).items()}

    @cached_property
    def attributes(self):
        """The public annotated names of the class itself, those that are constants of an enum left out."""
        return [name for name in self.types if not name.startswith("_")]

    @cached_property
    def known(self):
        """All names an instance has, as far as the class tells."""
        found = {name for base in self.type.__mro__ for name in getattr(base, "__annotations__", ())}
        return found | set(dir(self.type)) | set(_assigned(self.type))

    @cached_property
    def arguments(self):
        """What ``__init__`` takes, if the class itself has written one."""
        written = [one for one in self.constructor if one.__name__ == "__init__" and _written(one)]
        return [name for one in written for name in inspect.signature(one).parameters if name != "self"]

    @cached_property
    def constructor(self):
        """What runs when one is made, if the class itself says so."""
        made = (vars(self.type).get(name) for name in ("__init__", "__post_init__"))
        return [
            one for one in made if inspect.isfunction(one) and one.__qualname__.startswith(self.type.__name__)
        ]


def section(doc, title):
    """What a section of a docstring says of each name."""
    found = re.search(rf"^{title}:\n((?:    .*(?:\n|$)|\n)*)", doc, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in _ITEM.findall(found[1])} if found else {}


def raised(function):
    """The errors that the body of a function makes and raises."""
    if not _written(function):
        return []
    made = [one.exc for one in _own(_tree(function)) if isinstance(one, ast.Raise) and one.exc is not None]
    kinds = [one.func if isinstance(one, ast.Call) else one for one in made]
    names = {one.id for one in kinds if isinstance(one, ast.Name)}
    found = [getattr(errors, name, getattr(builtins, name, None)) for name in sorted(names)]
    return [one for one in found if isinstance(one, type)]


def _written(function):
    """Whether there is source of it; what ``dataclass`` makes has none."""
    return inspect.isfunction(function) and function.__code__.co_filename.endswith(".py")


def _own(node):
    """The nodes of a body, without those of functions inside of it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from _own(child)


def _tree(function):
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


def _assigned(kind):
    """The names that ``__init__`` gives an instance."""
    made = vars(kind).get("__init__")
    return made.__code__.co_names if inspect.isfunction(made) else ()


@cache
def objects():
    """Every public class and function, once, by where it is defined."""
    found = [getattr(import_module(home), name) for home in MODULES for name in _names(home)]
    found += [getattr(import_module(home), name) for home, _, name in (one.rpartition(".") for one in EXTRA)]
    wanted = [inspect.unwrap(one) for one in found]
    wanted = [one for one in wanted if isinstance(one, type) or inspect.isfunction(one)]
    return {f"{one.__module__}.{one.__qualname__}": one for one in wanted}


def _names(home):
    module = import_module(home)
    own = [name for name, one in vars(module).items() if getattr(one, "__module__", "") == home]
    return getattr(module, "__all__", own)


@cache
def kinds():
    """Every public class."""
    return [Kind(name=name, type=one) for name, one in objects().items() if isinstance(one, type)]


@cache
def calls():
    """Every public function, and the public methods and properties of every public class and its bases."""
    found = {name: (one, False) for name, one in objects().items() if inspect.isfunction(one)}
    for kind in kinds():
        for base in kind.type.__mro__:
            if base.__module__.startswith("multisat"):
                found |= {f"{base.__module__}.{one.__qualname__}": (one, v) for one, v in _methods(base)}
    return [Call(name=name, function=one, value=value) for name, (one, value) in found.items()]


def _methods(kind):
    for name, one in vars(kind).items():
        value = isinstance(one, property | cached_property)
        function = getattr(one, "__func__", getattr(one, "fget", getattr(one, "func", one)))
        stub = getattr(kind, "_is_protocol", False)  # its docstring has the attributes
        if not name.startswith("_") and inspect.isfunction(function) and not (stub and value):
            yield function, value
