import os

found = {}
for folder, _, files in os.walk("data/notes"):
    for name in files:
        with open(os.path.join(folder, name)) as handle:
            found[name] = handle.readline().strip()
for name in sorted(found):
    print(name, found[name])
