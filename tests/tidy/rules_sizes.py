"""Sizes of files and functions: past a budget, a second idea has moved in."""
import re

from source import match_backward, match_forward, opens_block


def check_sizes(source, tables):
    budget = tables['budget']
    header = source.path.endswith(('.hpp', '.h'))
    most = budget['header_lines'] if header else budget['source_lines']
    count = len(source.text.splitlines())
    if count > most:
        yield most + 1, 'size', f'{count} lines, at most {most}: move the second idea to its own file'
    for number, line in enumerate(source.lines, 1):
        if len(line) > budget['columns']:
            yield number, 'size', f'{len(line)} columns, at most {budget["columns"]}: break the line'
    for start, brace, end in functions(source.code):
        first, last = source.line(start), source.line(end)
        if last - first + 1 > budget['function_lines']:
            yield first, 'size', (f'a function of {last - first + 1} lines, at most '
                                  f'{budget["function_lines"]}: give its second half a name')
        parameters = _parameters(source.code[start:brace])
        if parameters > budget['parameters']:
            yield first, 'size', (f'{parameters} parameters, at most {budget["parameters"]}: '
                                  'gather them in a struct')


_CONTAINER = re.compile(r'(?:^|[\s\]])(?:namespace|class|struct|union|enum|extern)\b')


def functions(code):
    """(start of the heading, '{', '}') of every function defined outside another function."""
    code = re.sub(r'(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda m: re.sub(r'[^\n]', ' ', m.group(0)), code)
    i = start = 0
    while i < len(code):
        c = code[i]
        if c == '(':
            i = match_forward(code, i)
        elif c in ';}':
            start = i + 1
        elif c == '{':
            heading = code[start:i]
            if _CONTAINER.search(re.sub(r'<[^{}]*>', '', heading)) and '(' not in heading:
                start = i + 1
            elif '(' in heading and opens_block(code, i):
                end = match_forward(code, i)
                yield start + len(heading) - len(heading.lstrip()), i, end
                i = end
                start = i + 1
            else:
                i = match_forward(code, i)  # an initialiser
        i += 1


def _parameters(heading):
    # A constructor's list of initialisers follows a lone colon.
    heading = re.split(r'\)\s*(?:noexcept\s*)?:(?!:)', heading)[0]
    end = heading.rfind(')')
    if end < 0:
        end = len(heading)
        start = heading.rfind('(')
    else:
        start = match_backward(heading, end)
        if heading[:start].rstrip().endswith(('noexcept', 'decltype', 'requires')):
            end = heading.rfind(')', 0, start)
            start = match_backward(heading, end)
    inside = heading[start + 1:end]
    if heading.count('(') > heading.count(')'):
        inside = heading[heading.find('(') + 1:]
    if not inside.strip() or inside.strip() == 'void':
        return 0
    depth = count = 0
    for c in inside:
        depth += c in '(<[{'
        depth -= c in ')>]}'
        count += c == ',' and depth == 0
    return count + 1
