"""新闻: a text of paragraphs, each with the address of this site and the version it was taken from.

``source`` finds what stands at an address now, ``kinds_of_source`` names the rooms' own, ``claims`` checks paragraphs,
``writing`` makes documents of them.
"""
