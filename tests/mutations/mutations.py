"""What a mutation is: an edit that breaks one promise, and the tests that must go red for it."""
import dataclasses
import pathlib
import re
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Stale(Exception):
    """An entry that does not fit the tree any more; says which and what to do."""


@dataclasses.dataclass
class Edit:
    file: str
    old: str
    new: str

    def text_in(self, root):
        path = root / self.file
        if not path.is_file():
            raise Stale(f"{self.file} is gone: name the file that has this code now")
        text = path.read_text()
        found = text.count(self.old)
        if found != 1:
            raise Stale(f"{self.file} has its old text {found} times, not once: write the entry anew")
        return text

    def apply(self, root):
        """After other edits of the same file, should there be some."""
        (root / self.file).write_text(self.text_in(root).replace(self.old, self.new))


@dataclasses.dataclass
class Red:
    """A Catch2 test case of `target`, or a method of a Python test `script`."""
    case: str
    target: str = ""
    script: str = ""
    env: dict = dataclasses.field(default_factory=dict)

    def targets(self, root):
        if self.target:
            return [self.target]
        beside = re.findall(r'BUILD / "tests" / "(\w+)', (root / self.script).read_text())
        return ["watchpostd", "watchpost", *(f"watchpost_{name}" for name in beside)]

    def command(self, root, build):
        if self.script:
            return ["/usr/bin/python3", "-B", str(root / self.script), self.case]
        return [str(build / "tests" / self.target), re.sub(r"([,\[\]\\])", r"\\\1", self.case)]

    def says_failed(self, output):
        """A wrong name or a test that cannot start must not pass for red."""
        if self.script:
            method = re.escape(self.case.rpartition(".")[2])
            beside = re.search(rf"^FAILED \S+\.{method} \(.*^AssertionError", output, re.M | re.S)
            return beside or re.search(rf"^FAIL: {method}\b", output, re.M)
        return "FAILED:" in output and "No test cases matched" not in output

    def says_passed(self, output):
        if self.script:
            beside = re.search(r"^[1-9]\d* tests, 0 failed$", output, re.M)  # upstream_case.run_in_parallel
            return beside or re.search(r"^Ran 1 test .*\n\nOK$", output, re.M)
        return "All tests passed" in output and "No test cases matched" not in output

    def check(self, root, sources):
        if self.script:
            method = self.case.rpartition(".")[2]
            if f"def {method}(" not in (root / self.script).read_text():
                raise Stale(f"{self.script} has no {method}: name the test that must go red now")
        elif not any(f'"{self.case}"' in text for text in sources):
            raise Stale(f'no test case is called "{self.case}": name the one that must go red now')


@dataclasses.dataclass
class Mutation:
    name: str
    promise: str
    edits: list
    reds: list

    def check(self, root, sources):
        for edit in self.edits:
            edit.text_in(root)
            if edit.old == edit.new:
                raise Stale(f"its edit of {edit.file} changes nothing")
        if not self.reds:
            raise Stale("it names no test that must go red")
        for red in self.reds:
            red.check(root, sources)


def read_all(folder=HERE):
    found = []
    for path in sorted(folder.glob("*.toml")):
        with open(path, "rb") as file:
            for entry in tomllib.load(file)["mutation"]:
                found.append(Mutation(entry["name"], entry["promise"],
                                      [Edit(**edit) for edit in entry["edit"]],
                                      [Red(**red) for red in entry["red"]]))
    return found


def test_sources(root):
    """Names of Catch2 cases may be broken over lines by the formatter; literals are joined."""
    return [re.sub(r'"\s*\n\s*"', "", path.read_text(errors="replace"))
            for path in sorted((root / "tests").rglob("*.cpp"))]


WORD = re.compile(r"(?<!std::)\b(?!std\b)[A-Za-z_]\w*[a-z]\w*")  # constants of libraries are capitals
IN_QUOTES = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*')
DECLARED = re.compile(r"\b(?:auto|int|bool|size_t)&? (\w+)")


def unknown_words(root, mutations):
    """(name, what is wrong) where an edit names what nothing in the tree is called: it fits as a text,
    and would not compile."""
    known = set()
    for folder in ("daemon", "plugins"):
        for path in (root / folder).rglob("*"):
            if path.is_file():
                known.update(WORD.findall(path.read_text(errors="replace")))
    for mutation in mutations:
        for edit in mutation.edits:
            if not edit.file.startswith(("daemon/", "plugins/")):
                continue
            bare = IN_QUOTES.sub("", edit.new)
            unknown = set(WORD.findall(bare)) - known - set(DECLARED.findall(bare))
            if unknown:
                names = ", ".join(sorted(unknown))
                yield mutation.name, f"nothing in the tree is called {names}: write the entry anew"


def stale_entries(root, mutations):
    """(name, what is wrong) of each entry that does not fit the tree."""
    yield from unknown_words(root, mutations)
    sources = test_sources(root)
    names = [mutation.name for mutation in mutations]
    for mutation in mutations:
        try:
            if names.count(mutation.name) != 1:
                raise Stale("the name is taken twice")
            mutation.check(root, sources)
        except Stale as stale:
            yield mutation.name, str(stale)
