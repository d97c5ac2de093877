from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

X, _ = load_iris(return_X_y=True)
pca = PCA(n_components=2)
scores = pca.fit_transform(StandardScaler().fit_transform(X))
print(pca.explained_variance_ratio_, scores[:3])
