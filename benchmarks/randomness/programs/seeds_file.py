import json
from pathlib import Path

import numpy as np

Path("settings.json").write_text(json.dumps({"seed": 77, "n": 4}))
settings = json.loads(Path("settings.json").read_text())
rng = np.random.default_rng(settings["seed"])
print(rng.random(settings["n"]))
