import json
import random

SAMPLERS = {
    "uniform": lambda rows, k, rng: rng.sample(rows, k),
    "head": lambda rows, k, rng: rows[:k],
}
config = json.loads('{"sampler": "uniform", "k": 4, "seed": 12}')
rng = random.Random(config["seed"])
print(SAMPLERS[config["sampler"]](list(range(40)), config["k"], rng))
