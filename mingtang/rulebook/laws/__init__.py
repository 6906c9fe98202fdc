"""The law library 法规库: reading, citing, resolving, and what stands on a basis that is gone."""
