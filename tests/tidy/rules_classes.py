"""Sizes of classes over all their files: a class that is spread over files is as large as one in a
single file, and the budget of a file does not see that."""
import dataclasses
import pathlib
import re

from rules_sizes import functions
from source import match_forward

_CLASS = re.compile(r'\b(?P<kind>class|struct)\s+(?:\[\[[^\]]*\]\]\s*)?(?P<name>[A-Za-z_]\w*)\s*'
                    r'(?:final\s*)?(?::(?!:)[^;{}()]*)?\{')
_MEMBER_OF = re.compile(r'(?:\b[A-Za-z_]\w*(?:<[^<>()]*>)?\s*::\s*)+~?(?:operator\b[^(]*|[A-Za-z_]\w*)\s*\(')
_ACCESS = re.compile(r'^\s*(?:public|protected|private)\s*:(?!:)')
_TYPE = re.compile(r'^\s*(?:template\s*<.*>\s*)?(?:class|struct|union|enum)\b')


@dataclasses.dataclass
class ClassSize:
    """`path` and `line`: the start of its body. A nested class counts for itself and for the outer one."""
    name: str
    path: str
    line: int
    lines: int = 0
    methods: int = 0
    members: int = 0
    files: set = dataclasses.field(default_factory=set)


def items(body):
    """The declarations directly in a class, without the text between braces."""
    text = []
    i = 0
    while i < len(body):
        c = body[i]
        if c == '(':
            end = match_forward(body, i)
            text.append(body[i:end + 1])
            i = end
        elif c == '{':
            end = match_forward(body, i)
            text.append('{}')
            rest = re.compile(r'\s*[;,]').match(body, end + 1)
            head = ''.join(text)
            if not rest and not _TYPE.match(head):
                yield head
                text = []
            i = end
        elif c == ';':
            yield ''.join(text)
            text = []
        else:
            text.append(c)
            match = _ACCESS.match(''.join(text)) if c == ':' and body[i + 1:i + 2] != ':' else None
            if match:
                text = []
        i += 1


def _without_templates(text):
    before = None
    while before != text:
        before, text = text, re.sub(r'(?<=\w)\s*<[^<>;]*>', '', text)
    return text


def kind_of(item):
    """'method' or 'member'; '' for a declaration that a reader need not follow."""
    item = re.sub(r'^[ \t]*#[^\n]*', '', item, flags=re.M).strip()
    if not item or _TYPE.match(item) or re.match(r'(?:using|friend|static_assert|typedef)\b', item):
        return ''
    if re.search(r'=\s*(?:default|delete)\s*$', item):
        return ''
    plain = _without_templates(re.sub(r'^template\s*<.*?>\s*(?=[\w\[])', '', item, flags=re.S))
    plain = re.sub(r'\[\[[^\]]*\]\]|\balignas\s*\([^)]*\)', '', plain)
    initialiser = re.search(r'(?<![=!<>])=(?!=)|\{\}', plain)
    bracket = plain.find('(')
    if bracket >= 0 and ('operator' in plain or not initialiser or bracket < initialiser.start()):
        return 'method'
    return '' if re.search(r'\bstatic\b|\bconstexpr\b', plain) else 'member'


def classes(source):
    """(name with its outer classes, offsets of its name, its '{' and its '}')."""
    open_classes = []
    for match in _CLASS.finditer(source.code):
        if re.search(r'\benum\s*$|[<,]\s*$', source.code[:match.start()][-20:]):
            continue
        brace = match.end() - 1
        end = match_forward(source.code, brace)
        open_classes = [each for each in open_classes if each[1] > match.start()]
        open_classes.append((match['name'], end))
        yield '::'.join(each[0] for each in open_classes), match.start(), brace, end


def _owners(heading):
    """Outer and inner class of a member that is defined outside its class."""
    match = _MEMBER_OF.search(heading)
    if not match:
        return []
    names = re.findall(r'~?\w+', re.sub(r'<[^<>]*>', '', match.group(0)))[:-1]
    return names


def class_sizes(sources):
    """Every class of `sources` (Source values), the largest first."""
    by_folder = {}
    for source in sources:
        for name, start, brace, end in classes(source):
            size = ClassSize(name, source.path, source.line(start))
            size.lines = source.line(end) - source.line(start) + 1
            size.files.add(source.path)
            for item in items(source.code[brace + 1:end]):
                kind = kind_of(item)
                size.methods += kind == 'method'
                size.members += kind == 'member'
            by_folder.setdefault((_room(source.path), name.split('::')[-1]), []).append(size)
    for source in sources:
        if source.path.endswith(('.cpp', '.hpp')):
            _add_definitions(source, by_folder)
    found = [size for sizes in by_folder.values() for size in sizes]
    return sorted(found, key=lambda size: (-size.lines, size.path, size.line))


def _room(path):
    """The layer of a path. The classes of a layer share a namespace, so a name means one class there."""
    parts = pathlib.PurePosixPath(path).parts
    return parts[:2]


def _add_definitions(source, by_folder):
    """Adds the lines of definitions to their class; a file with the members of one class counts whole."""
    lines = {}
    for start, _, end in functions(source.code):
        heading = source.code[start:source.code.find('{', start)]
        for name in _owners(heading):
            for size in by_folder.get((_room(source.path), name), []):
                if size.path != source.path or not _is_inside(source, start, size):
                    key = id(size)
                    lines.setdefault(key, [size, 0])[1] += (source.line(end) - source.line(start) + 1)
    outer = [entry for entry in lines.values() if '::' not in entry[0].name]
    for size, count in lines.values():
        alone = len(outer) == 1 and outer[0][0] is size and source.path.endswith('.cpp')
        size.lines += len(source.text.splitlines()) if alone and source.path != size.path else count
        size.files.add(source.path)


def _is_inside(source, offset, size):
    line = source.line(offset)
    return size.path == source.path and size.line <= line < size.line + size.lines


def check_classes(sources, tables):
    """(path, line, rule, what to do)."""
    budget = tables['class_budget']
    for size in class_sizes(sources):
        for what in ('lines', 'methods', 'members'):
            if what == 'members' and not size.methods:
                continue
            count = getattr(size, what)
            if count > budget[what]:
                yield size.path, size.line, 'class', (
                    f'{size.name} has {count} {what} over {len(size.files)} files, at most '
                    f'{budget[what]}: give its second idea a class of its own')
