import os

root = "data/images"
names = [entry.name for entry in os.scandir(root) if entry.is_dir()]
names.sort()
classes = {name: index for index, name in enumerate(names)}
print(classes)
