import os

import pandas as pd

means = {}
for name in os.listdir("data/sites"):
    means[name[:-4]] = pd.read_csv(os.path.join("data/sites", name))["weight"].mean()
for site, mean in means.items():
    print(site, round(mean, 3))
