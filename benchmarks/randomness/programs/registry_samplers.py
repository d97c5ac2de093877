import json
import random

SAMPLERS = {}


def sampler(function):
    SAMPLERS[function.__name__] = function
    return function


@sampler
def uniform(rows, k):
    return random.sample(rows, k)


@sampler
def head(rows, k):
    return rows[:k]


config = json.loads('{"sampler": "uniform", "k": 4}')
print(SAMPLERS[config["sampler"]](list(range(40)), config["k"]))
