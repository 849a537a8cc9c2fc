"""Which of the collected cases are run: all that changed, and a sample of the rest."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from d2l.keys.chance import seed

#: So many of the cases that stand on evidence are run all the same, however long the
#: book is, and so many of those that break a framework on purpose.
SAMPLE, BREAKAGES = 120, 8
#: The fixtures by which a test is a case: it asks a framework something.
ENGINE = {"pool", "checker", "oracle_checker", "partly_broken"}


@dataclass
class Choice:
    """What is to be run; by node id.

    keys: of all cases; changed: without evidence for its key; sampled: with it;
    standing: left out, on evidence; others: no cases, always run.
    """

    keys: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    sampled: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def to_run(self):
        """The node ids of all that is run."""
        return {*self.changed, *self.sampled, *self.others}


def choose(items, case_keys, kept):
    """Look for evidence of each case."""
    choice = Choice()
    proven = []
    for item in items:
        if ENGINE.isdisjoint(item.fixturenames):
            choice.others.append(item.nodeid)
            continue
        key = choice.keys[item.nodeid] = case_keys.key(item)
        entry = kept.find(item.nodeid)
        is_proven = entry is not None and entry.key == key
        (proven if is_proven else choice.changed).append(item.nodeid)
    chosen = set(sample(proven, seed(choice.keys.values())))
    choice.sampled = [node_id for node_id in proven if node_id in chosen]
    choice.standing = [node_id for node_id in proven if node_id not in chosen]
    return choice


def is_single(item):
    """Whether a case is one of float32, which float64 proves as far as it can."""
    return "float32" in item.nodeid.partition("[")[2]


def sample(node_ids, chance):
    """Some of each kind; chance: what decides which."""
    drawn = random.Random(chance)
    breakages = [n for n in node_ids if "test_breakages.py" in n]
    others = sorted(set(node_ids) - set(breakages))
    return [
        *drawn.sample(others, min(SAMPLE, len(others))),
        *drawn.sample(sorted(breakages), min(BREAKAGES, len(breakages))),
    ]
