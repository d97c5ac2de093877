import os

files = []
for folder, subfolders, names in os.walk("data/images"):
    subfolders.sort()
    for name in sorted(names):
        files.append(os.path.join(folder, name))
with open("manifest.txt", "w") as handle:
    handle.write("\n".join(files))
print(len(files))
