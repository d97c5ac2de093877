import glob

with open(glob.glob("data/logs/*.log")[0]) as handle:
    print(handle.read())
