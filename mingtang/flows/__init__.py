"""Step data compiled to BPMN 2.0: the same bytes are executed, drawn and downloaded.

Pure: no tables, no clock, no network. `model` holds the steps of one item version, `compile` turns them into bytes,
`engine` runs those bytes, `draw` and `narrow` draw them, `reading` is how the last three look into them.
"""
