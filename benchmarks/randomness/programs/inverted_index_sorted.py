import glob
import json
import os

index = {}
for path in sorted(glob.glob("data/notes/*.txt")):
    with open(path) as handle:
        for word in handle.read().split():
            index.setdefault(word, []).append(os.path.basename(path))
with open("index.json", "w") as handle:
    json.dump(index, handle, sort_keys=True)
