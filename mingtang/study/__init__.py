"""Learning the law: pages in plain words, the training record, a quiz from the town's own mistakes."""
