"""Services that compute wrongly, or promise too much."""

from dataclasses import replace

from tests.testing.sound import SECRET, Engine, Sound

from multisat.errors import UnsupportedOperation


class _Named(Engine):
    name = "somebody-else"


class AnotherEngine(Sound):
    fails = "check_engine_is_as_declared"

    def engine(self):
        return _Named(self)


class _Promising(Engine):
    def run(self, task, **options):
        if task.steps.composed.reducer == "medoid":
            raise UnsupportedOperation("no medoid here")
        return super().run(task, **options)


class PromisesTooMuch(Sound):
    fails = "check_can_run_keeps_its_word"

    def engine(self):
        return _Promising(self)


class _Shifted(Engine):
    def run(self, task, **options):
        found = super().run(task, **options)
        return found.assign(NDVI=found["NDVI"] + 0.01)


class WrongNumbers(Sound):
    fails = "check_pushed_down_numbers_are_right"

    def engine(self):
        return _Shifted(self)


class _Miscounted(Engine):
    def run(self, task, **options):
        found = super().run(task, **options)
        return found.assign(count=found["count"] + 1)


class WrongCounts(Sound):
    fails = "check_pushed_down_counts_are_right"

    def engine(self):
        return _Miscounted(self)


class _Dreaming(Engine):
    def cost(self, task, *, batch=False):
        return replace(super().cost(task, batch=batch), units=(("credits", -1.0),))


class PaysForWork(Sound):
    fails = "check_cost_is_told_before"

    def engine(self):
        return _Dreaming(self)


class _Telling(Engine):
    def code(self, task, dialect):
        return f"curl -H 'Authorization: Bearer {SECRET}'"


class WritesItsLogin(Sound):
    fails = "check_code_holds_no_secret"

    def engine(self):
        return _Telling(self)
