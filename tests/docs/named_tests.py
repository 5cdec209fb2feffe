"""The names by which documents call tests."""
import re


def tests_in(file):
    """Of a Catch2 file the cases, of a Python file CLASS.METHOD."""
    text = file.read_text()
    if file.suffix == ".cpp":
        names = re.findall(r'TEST_CASE\(((?:\s*"(?:[^"\\]|\\.)*")+)', text)
        return {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', name)) for name in names}
    found, case = set(), ""
    for line in text.splitlines():
        if match := re.match(r"class (\w+)", line):
            case = match[1]
        elif match := re.match(r"    def (test_\w+)", line):
            found.add(f"{case}.{match[1]}")
    return found
