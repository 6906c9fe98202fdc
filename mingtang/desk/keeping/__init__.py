"""Keeping an item: the editor's fields as data, what is typed in them, and the way from there to a spec and back."""
