"""公开即执行, checked: what each surface says of an item against what its stored JSON says, computed on the side.

``oracle`` computes; ``flows``, ``pages`` and ``cases`` look at one kind of surface each. They look by ``agree``, which
raises ``Disagrees``, so that a test can show that a surface which differs is caught.
"""
