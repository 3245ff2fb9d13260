"""An experiment for tests: one run that trains, one that fails, and what is left."""

from gan.experiments.design import training
from gan.experiments.found import Found, quality


def good(scale, seed):
    return training(scale, seed, preset="dcgan", width=4)


def bad(scale, seed):
    return training(scale, seed, preset="dcgan", width=4, lr_g=1e30, lr_d=1e30)


def needs(scale):
    return [make(scale, seed) for seed in scale.seeds for make in (bad, good)]


def findings(lab):
    found = Found()
    for name, make in (("good", good), ("bad", bad)):
        runs = lab.by_seed(lambda seed, make=make: make(lab.scale, seed))
        found.replicates(name, quality(runs), {"en": name, "zh": name}, unit="FID", runs=runs.values())
    return found


def broken(lab):
    raise RuntimeError("a fault of the experiment's own")
