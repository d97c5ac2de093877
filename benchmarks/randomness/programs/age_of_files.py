import os
import time

rows = []
for name in sorted(os.listdir("data/sites")):
    age = time.time() - os.path.getmtime(os.path.join("data/sites", name))
    rows.append((name, age))
with open("ages.csv", "w") as handle:
    for name, age in rows:
        handle.write(f"{name},{age}\n")
