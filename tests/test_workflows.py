"""What runs on GitHub: the workflows are sound, and what they call exists."""

import re
from pathlib import Path

import pytest
import yaml

from d2l.common.frameworks import FRAMEWORKS

ROOT = Path(__file__).parents[1]
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text())
    for path in (ROOT / ".github" / "workflows").glob("*.yml")
}
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
VARIABLES = set(re.findall(r"\$\((\w+)\)", (ROOT / "Makefile").read_text()))
JOBS = {
    f"{name} {key}": job
    for name, workflow in WORKFLOWS.items()
    for key, job in workflow["jobs"].items()
}


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_a_job_calls_targets_that_exist(job):
    assert commands(job)
    for command in commands(job):
        target, *variables = re.fullmatch(r"make ([\w-]+)((?: .*)?)", command).groups()
        assert target in TARGETS
        assert set(re.findall(r"(\w+)=", "".join(variables))) <= VARIABLES


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_what_a_job_fills_in_is_in_its_matrix(job):
    named = re.findall(r"\$\{\{ matrix\.(\w+) \}\}", str(job["steps"]))
    assert set(named) == set(job["strategy"]["matrix"]) - {"exclude"}
    assert job["timeout-minutes"] > 0


def test_every_framework_is_tried_alone_and_on_its_newest_release():
    for key in ("tests.yml one-framework", "nightly.yml newest"):
        assert JOBS[key]["strategy"]["matrix"]["framework"] == list(FRAMEWORKS)


def test_the_parts_are_the_whole():
    shards = JOBS["nightly.yml everything"]["strategy"]["matrix"]["shard"]
    assert shards == [f"{i + 1}/{len(shards)}" for i in range(len(shards))]


def test_what_sets_them_off():
    # YAML takes the word `on` for the value true.
    triggers = {name: workflow[True] for name, workflow in WORKFLOWS.items()}
    assert {"push", "pull_request"} <= set(triggers["tests.yml"])
    assert {"schedule", "workflow_call"} <= set(triggers["nightly.yml"])
    assert triggers["nightly.yml"]["push"] == {"tags": ["v*"]}
    assert {*JOBS["tests.yml all-frameworks"]["strategy"]["matrix"]["python"]} == {
        "3.11",
        "3.12",
    }
