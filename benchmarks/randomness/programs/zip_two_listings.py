from pathlib import Path

images = list(Path("data/images/cat").iterdir())
logs = list(Path("data/logs").iterdir())
with open("pairs.txt", "w") as handle:
    for image, log in zip(images, logs):
        handle.write(f"{image.name} {log.name}\n")
