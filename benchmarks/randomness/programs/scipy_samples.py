from scipy import stats

heights = stats.norm(loc=170, scale=8).rvs(size=50)
print(stats.ttest_1samp(heights, 170))
