import os

classes = [name for name in os.listdir("data/images") if not name.startswith(".")]
label_of = {name: number for number, name in enumerate(classes)}
with open("labels.txt", "w") as handle:
    for name in sorted(label_of):
        handle.write(f"{name} {label_of[name]}\n")
