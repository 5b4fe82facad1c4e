"""How long files and functions may be: what one look cannot hold is not understood."""

import ast

FILE_LINES = 400
# A list of behaviours may be longer than the code that shows them.
TEST_FILE_LINES = 600
FUNCTION_LINES = 40
# A test tells a story from its set-up to its checks.
TEST_FUNCTION_LINES = 60
SOURCES = {".py", ".sh", ".js", ".scss", ".xml"}
# Text that is written by tools or is data, not code.
FREE_PARTS = {"demo", "i18n", "lib", "node"}


def too_long(root, files):
    """Sentences about files and functions over the limit."""
    for path in files:
        relative = path.relative_to(root)
        if path.suffix not in SOURCES or FREE_PARTS & set(relative.parts):
            continue
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        limit = TEST_FILE_LINES if "tests" in relative.parts else FILE_LINES
        if lines > limit:
            yield f"{relative}: {lines} lines, the limit is {limit}"
        if path.suffix == ".py":
            yield from _long_functions(relative, text)


def _long_functions(relative, text):
    is_test = "tests" in relative.parts
    limit = TEST_FUNCTION_LINES if is_test else FUNCTION_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > limit:
                where = f"{relative}:{node.lineno}"
                yield f"{where}: {node.name} has {length} lines, the limit is {limit}"
