import networkx as nx

graph = nx.karate_club_graph()
scores = nx.betweenness_centrality(graph)
print(sorted(scores.items(), key=lambda item: -item[1])[:5])
