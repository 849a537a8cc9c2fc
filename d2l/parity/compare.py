"""Train one trial in several frameworks from one start, and tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from d2l.common.errors import D2LError
from d2l.common.weights import Arrays
from d2l.parity.comparison import Comparison, Difference, Failure, Plan, limits
from d2l.parity.initial_weights import initial_weights
from d2l.parity.measure import measure_all
from d2l.parity.pool import Pool, TaskFailed, Worker
from d2l.parity.rounding import rounding_scales
from d2l.parity.run import Run, run_of
from d2l.trials.observed import prefixed


class Watcher:
    """Is told how far the work has come; this one does not care."""

    def stage(self, framework: str, text: str) -> None:
        """A framework does something else now."""

    def step(self, framework: str, state: dict[str, Any]) -> None:
        """A framework has done a training step.

        `state`: step, steps, loss.
        """


class Comparer:
    """Carries a plan out in the processes of a pool.

    jobs: how many frameworks train at once; one, for times to be comparable.
    """

    def __init__(
        self, plan: Plan, pool: Pool, watcher: Watcher | None = None, jobs: int = 1
    ):
        self.plan, self.pool, self.jobs = plan, pool, jobs
        self.watcher = watcher or Watcher()
        self.workers: dict[str, Worker] = {}
        self.runs: dict[str, Run] = {}
        self.failures: dict[str, Failure] = {}
        self.weights: Arrays = {}

    def compare(self) -> Comparison:
        """Start, train and compare; what fails is reported, the rest is kept."""
        plan = self.plan
        self._start()
        self._choose_weights()
        self._train_all()
        finished = [f for f in plan.frameworks if f in self.runs]
        reference = next(iter(finished), plan.reference)
        if plan.reference in finished:
            reference = plan.reference
        differences = self._differences(reference, finished)
        runs = [self.runs[f] for f in finished]
        failures = [self.failures[f] for f in plan.frameworks if f in self.failures]
        return Comparison(plan, reference, runs, differences, failures)

    def _attempt(self, framework: str, work: Callable[[], Any]) -> Any:
        """Do a part of the work; a failure is this framework's alone."""
        try:
            return work()
        except TaskFailed as error:
            failure = Failure(framework, error.args[0], error.traceback)
        except D2LError as error:
            failure = Failure(framework, str(error))
        self.failures[framework] = failure
        self.watcher.stage(framework, "failed")
        return None

    def _ask(self, framework: str, task: str, arrays: Arrays, **arguments: Any) -> Any:
        plan = self.plan
        shared: dict[str, Any] = {"trial": plan.trial.key, "data": plan.data}
        worker = self.workers[framework]
        return self._attempt(
            framework, lambda: worker.run(task, arrays, **shared, **arguments)
        )

    def _alive(self, frameworks: Sequence[str]) -> list[str]:
        return [f for f in frameworks if f not in self.failures]

    def _start(self) -> None:
        """All imports run at once, and are over before any time is taken."""
        for framework in self.plan.frameworks:
            self.watcher.stage(framework, "starting")
            self.workers[framework] = self.pool.start(framework, self.plan.precision)
        for framework, worker in self.workers.items():
            self._attempt(framework, worker.wait_until_ready)

    def _choose_weights(self) -> None:
        """Ask the reference, or whoever lives, for shapes, and fill them."""
        rest = [f for f in self.plan.frameworks if f != self.plan.reference]
        for framework in self._alive([self.plan.reference, *rest]):
            answer = self._ask(framework, "shapes", {})
            if answer is not None:
                shapes = {k: tuple(v) for k, v in answer[0]["shapes"].items()}
                filled = initial_weights(shapes, self.plan.seed)
                self.weights = prefixed("weights", filled)
                return

    def _train_all(self) -> None:
        for framework in self._alive(self.plan.frameworks):
            self.watcher.stage(framework, "waiting")
        with ThreadPoolExecutor(self.jobs) as executor:
            try:
                list(executor.map(self._train, self._alive(self.plan.frameworks)))
            except BaseException:
                # Threads wait for their processes: end those first.
                self.pool.close()
                raise

    def _train(self, framework: str) -> None:
        self.watcher.stage(framework, "training")
        answer = self._ask(
            framework,
            "train",
            self.weights,
            seed=self.plan.seed,
            epochs=self.plan.epochs,
            progress=lambda state: self.watcher.step(framework, state),
        )
        if answer is not None:
            self.runs[framework] = run_of(
                framework, self.plan.trial.step_curves, *answer
            )
            self.watcher.stage(framework, "trained")

    def _differences(self, reference: str, finished: list[str]) -> list[Difference]:
        expected = self._evidence(reference) if len(finished) > 1 else {}
        return [
            self._difference(framework, reference, expected)
            for framework in finished
            if framework != reference
        ]

    def _evidence(self, framework: str) -> dict[str, Arrays]:
        """Everything that is compared, by kind; less where the process fails."""
        run = self.runs[framework]
        found = run.compared_curves(self.plan.judged_steps)
        found["parameters"] = run.weights
        for task in self._alive([framework]) and self.plan.trial.observations:
            self.watcher.stage(framework, f"comparing {task}")
            answer = self._ask(framework, task, self.weights, seed=self.plan.seed)
            if answer is None:
                return found
            found[task] = answer[1]
        self.watcher.stage(framework, "done")
        return found

    def _difference(
        self, framework: str, reference: str, expected: dict[str, Arrays]
    ) -> Difference:
        actual = self._evidence(framework)
        allowed = limits(self.plan, len(self.runs[reference].curve))
        scales = rounding_scales(self.plan.trial, expected.get("gradients", {}))
        measurements = {
            kind: measure_all(
                (framework, reference, kind),
                actual[kind],
                expected[kind],
                limit,
                scales,
            )
            for kind, limit in allowed.items()
            if kind in actual and kind in expected
        }
        return Difference(framework, measurements)
