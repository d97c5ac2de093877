import os
import shutil

os.makedirs("backup", exist_ok=True)
for entry in os.scandir("data/notes"):
    shutil.copy(entry.path, os.path.join("backup", entry.name))
print(len(os.listdir("backup")), "files copied")
