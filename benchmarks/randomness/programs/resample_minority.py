import pandas as pd
from sklearn.utils import resample, shuffle

frame = pd.read_csv("data/points.csv")
minority = frame[frame["label"] == 1]
upsampled = resample(minority, n_samples=40)
balanced = shuffle(pd.concat([frame[frame["label"] == 0], upsampled]), random_state=0)
print(balanced["id"].tolist()[:10])
