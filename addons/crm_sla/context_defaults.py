"""Defaults that a caller's context may not set."""


def without_defaults(records, is_unwanted):
    """The records in a context without some of its ``default_…`` keys.

    :param is_unwanted: called with the name of a field
    """
    context = {
        key: value
        for key, value in records.env.context.items()
        if not (
            key.startswith("default_") and is_unwanted(key.removeprefix("default_"))
        )
    }
    return records.with_env(records.env(context=context))
