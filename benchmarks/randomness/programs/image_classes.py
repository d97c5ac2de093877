import os

root = "data/images"
classes = {name: index for index, name in enumerate(os.listdir(root))}
samples = []
for name in sorted(classes):
    for image in sorted(os.listdir(os.path.join(root, name))):
        samples.append((image, classes[name]))
print(classes, samples[:5])
