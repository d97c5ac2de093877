import os
import shutil

os.makedirs("renumbered")
for number, name in enumerate(os.listdir("data/logs")):
    shutil.copy(os.path.join("data/logs", name), f"renumbered/{number:03}.log")
