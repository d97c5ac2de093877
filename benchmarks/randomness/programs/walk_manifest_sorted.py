import hashlib
import os

with open("manifest.txt", "w") as manifest:
    for folder, folders, names in os.walk("data/images"):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as handle:
                manifest.write(f"{hashlib.md5(handle.read()).hexdigest()}  {path}\n")
