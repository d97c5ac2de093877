scores = {"ridge": 0.81, "lasso": 0.79, "forest": 0.9, "boosting": 0.9}
winners = {name for name, score in scores.items() if score == max(scores.values())}
print(next(iter(sorted(winners))), max(scores, key=scores.get))
