import networkx as nx

graph = nx.les_miserables_graph()
communities = nx.community.louvain_communities(graph)
print([sorted(community) for community in communities])
