from pathlib import Path

images = sorted(Path("data/images/cat").iterdir())
logs = sorted(Path("data/logs").iterdir())
with open("pairs.txt", "w") as handle:
    for image, log in zip(images, logs):
        handle.write(f"{image.name} {log.name}\n")
