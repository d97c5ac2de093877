import hashlib
import os

with open("manifest.txt", "w") as manifest:
    for folder, _, names in os.walk("data/images"):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as handle:
                manifest.write(f"{hashlib.md5(handle.read()).hexdigest()}  {path}\n")
