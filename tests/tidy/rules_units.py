"""A release build compiles the files of a layer in a few units (cmake/units.cmake), so a name that is
private to one file may not stand in another one of the same target."""
import re

from source import match_forward

_ANONYMOUS = re.compile(r'\bnamespace\s*\{')
_TYPE = re.compile(r'\b(?:class|struct|union|enum(?:\s+class)?)\s+(?:\[\[[^\]]*\]\]\s*)?([A-Za-z_]\w*)[^;{}()]*$')
_USING = re.compile(r'\s*(?:template\s*<.*?>\s*)?using\s+([A-Za-z_]\w*)\s*=', re.S)
_VARIABLE = re.compile(r'([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*$')
_FUNCTION = re.compile(r'((?:[A-Za-z_]\w*\s*::\s*)*~?(?:operator\b[^\w\s]*|[A-Za-z_]\w*))\s*$')


def private_names(code):
    """(offset, name) of what stands directly in an unnamed namespace; each name comes once."""
    # An alias may stand several times where it names the same namespace.
    code = re.sub(r'\bnamespace\s+\w+\s*=[^;]*;', lambda m: ' ' * len(m.group(0)), code)
    told = set()
    for match in _ANONYMOUS.finditer(code):
        end = match_forward(code, match.end() - 1)
        for offset, name in _names(code, match.end(), end):
            if name not in told:
                told.add(name)
                yield offset, name


def _names(code, start, end):
    begin = i = start
    while i < end:
        c = code[i]
        if c == '(':
            head = code[begin:i]
            close = match_forward(code, i)
            if '=' not in re.sub(r'operator\s*\S+$', '', head) and not re.search(r'\b(?:alignas|decltype|noexcept|requires)\s*$', head):
                match = _FUNCTION.search(head)
                # `Type name(…)` has a type before the name; a member that is defined here has its
                # class before the name.
                if match and '::' not in match.group(1) and head[:match.start()].strip():
                    if not match.group(1).startswith('operator'):
                        yield begin + match.start(1), match.group(1)
                    i = _end_of_function(code, close, end)
                    begin = i + 1
            i = max(i, close)
        elif c == '<':
            i += 1
            continue
        elif c == '{':
            head = code[begin:i]
            close = match_forward(code, i)
            match = _TYPE.search(head)
            if match:
                yield begin + match.start(1), match.group(1)
                rest = re.compile(r'[^;{]*;').match(code, close + 1)
                close = rest.end() - 1 if rest else close
                begin = close + 1
            elif head.rstrip().endswith(')'):
                begin = close + 1  # a test case
            elif '=' not in head and not head.strip().startswith('namespace'):
                name = _VARIABLE.search(head.rstrip())
                if name:
                    yield begin + name.start(1), name.group(1)
                semicolon = code.find(';', close)
                close = semicolon if semicolon >= 0 else close
                begin = close + 1
            i = close
        elif c == '=' and code[i + 1] != '=':
            head = code[begin:i]
            # Two `using` of one name for the same type agree; where they do not, the compiler
            # reports it.
            name = None if _USING.match(head + '=') else _VARIABLE.search(head.rstrip())
            if name and 'operator' not in head:
                yield begin + name.start(1), name.group(1)
            i = _end_of_statement(code, i, end)
            begin = i + 1
        elif c == ';':
            head = code[begin:i].rstrip()
            type_ = re.search(r'\b(?:class|struct)\s+([A-Za-z_]\w*)$', head)
            if not type_ and head.strip() and not head.strip().startswith(('using', 'static_assert')):
                name = _VARIABLE.search(head)
                if name and head[:name.start()].strip():
                    yield begin + name.start(1), name.group(1)
            begin = i + 1
        elif c == '}':
            begin = i + 1
        i += 1


def _end_of_function(code, close, end):
    i = close + 1
    while i < end and code[i] not in ';{':
        i = match_forward(code, i) + 1 if code[i] in '([' else i + 1
    return match_forward(code, i) if i < end and code[i] == '{' else i


def _end_of_statement(code, start, end):
    i = start
    while i < end and code[i] != ';':
        i = match_forward(code, i) + 1 if code[i] in '([{' else i + 1
    return i


def unit_of(path):
    """Files that may be compiled together share a key; '' for files that never are."""
    parts = path.split('/')
    if parts[0] == 'daemon' and len(parts) > 2:
        return '/'.join(parts[:2])
    if parts[:2] == ['tests', 'unit'] and len(parts) > 3:
        return '/'.join(parts[:3])
    return ''


def check_units(sources):
    """(path, line, rule, what to do)."""
    first = {}
    for source in sources:
        unit = unit_of(source.path)
        if not unit or not source.path.endswith('.cpp'):
            continue
        for offset, name in private_names(source.code):
            other = first.setdefault((unit, name), source.path)
            if other != source.path:
                yield source.path, source.line(offset), 'unit', (
                    f'`{name}` is private in {other} too: give one a name that says what differs, '
                    'or both the same home')
