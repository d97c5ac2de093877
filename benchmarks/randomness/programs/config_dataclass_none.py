from dataclasses import dataclass
from typing import Optional

import numpy as np


@dataclass
class Config:
    steps: int = 50
    step_size: float = 0.5
    seed: Optional[int] = None


def walk(config):
    rng = np.random.RandomState(config.seed)
    position = np.zeros(2)
    for _ in range(config.steps):
        position = position + config.step_size * rng.standard_normal(2)
    return position


print(walk(Config(steps=20)))
