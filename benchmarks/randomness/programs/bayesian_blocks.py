from scipy import stats

prior = stats.beta(2, 3)
draws = prior.rvs(size=500)
print(draws.mean(), prior.mean())
