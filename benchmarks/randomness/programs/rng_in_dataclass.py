from dataclasses import dataclass, field

import numpy as np


@dataclass
class Model:
    size: int
    rng: np.random.Generator = field(default_factory=np.random.default_rng)

    def fit(self):
        return self.rng.normal(size=self.size).mean()


print(Model(20).fit())
