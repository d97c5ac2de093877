import json
import os

manifest = {}
for folder, _, files in os.walk("data/images"):
    for name in files:
        manifest[name] = os.path.basename(folder)
with open("manifest.json", "w") as handle:
    json.dump(manifest, handle, sort_keys=True)
