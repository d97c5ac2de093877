import pandas as pd
from sklearn.ensemble import IsolationForest


def outliers(frame, columns):
    scores = IsolationForest(n_estimators=30).fit(frame[columns]).score_samples(frame[columns])
    return frame.assign(score=scores).nsmallest(5, "score")


if __name__ == "__main__":
    print(outliers(pd.read_csv("data/points.csv"), ["x", "y"]))
