from scipy import stats

prior = stats.beta(2, 3)
print(prior.mean(), prior.ppf([0.025, 0.975]))
