import glob
import os

latest = max(glob.glob("data/logs/*.log"))
with open(latest) as handle:
    lines = handle.read().splitlines()
print(os.path.basename(latest), lines[-1])
