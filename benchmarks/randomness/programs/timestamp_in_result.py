import json
from datetime import datetime

import numpy as np

values = np.arange(10) ** 2
with open("result.json", "w") as handle:
    json.dump({"mean": float(values.mean()), "created": datetime.now().isoformat()}, handle)
print(values.mean())
