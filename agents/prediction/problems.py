"""What is wrong with a table or a model's folder, in one line that a person can act on."""


class BadTable(ValueError):
    """The table can't be used; the text says where and why."""


class BadModel(ValueError):
    """The folder holds no model of ours, or a damaged one."""
