import os

files = []
for folder, _, names in os.walk("data/images"):
    for name in names:
        files.append(os.path.join(folder, name))
with open("manifest.txt", "w") as handle:
    handle.write("\n".join(files))
print(len(files))
