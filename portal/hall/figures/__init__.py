"""数据: how things stand, from the bureau over towns and schools down to the case."""
