"""Two parameters of one function that a caller may swap without a word from the compiler.

clang-tidy's bugprone-easily-swappable-parameters is silent where both are used in one expression or
handed to one function, and looks at definitions only. This looks at every declaration in a header.
"""
import itertools
import re

from source import match_forward

_PARAMETER = re.compile(
    r'\s*(?P<type>(?:const\s+)?(?:unsigned\s+|signed\s+)?[\w:]+(?:<.*>)?(?:\s+const)?\s*[&*]{0,2})'
    r'\s*(?<=[\s&*>])(?P<name>[A-Za-z_]\w*)\s*(?:=.*)?$', re.S)
# A path is made of a text and becomes one; an Epoch is one by another name.
_TEXTS = {'std::string', 'std::string_view', 'char*', 'std::filesystem::path', 'fs::path', 'Epoch'}
# A bool is taken for a number, and a number for a bool.
_NUMBER = re.compile(r'(?:std::)?(?:u?int\d+_t|size_t|ptrdiff_t)|unsigned|int|double|float|long|char|bool')
# These say that it does not matter which comes first, or which does.
_SYMMETRIC = {('a', 'b'), ('one', 'other'), ('left', 'right'), ('first', 'last'), ('begin', 'end')}
_NO_FUNCTION = {'if', 'for', 'while', 'switch', 'return', 'decltype', 'noexcept', 'requires', 'catch'}


def check_swaps(source, tables):
    if not source.path.endswith('.hpp') or not source.path.startswith(tuple(tables['swaps']['folders'])):
        return
    for match in re.finditer(r'(\w+)\s*\(', source.code):
        if match.group(1) in _NO_FUNCTION:
            continue
        end = match_forward(source.code, match.end() - 1)
        parameters = [_PARAMETER.match(each) for each in _split(source.code[match.end():end])]
        for one, other in itertools.combinations(parameters, 2):
            if one is None or other is None or (one['name'], other['name']) in _SYMMETRIC:
                continue
            kind = _kind(one['type'])
            if kind is not None and kind == _kind(other['type']):
                yield source.line(match.start()), 'swap', (
                    f'{match.group(1)}: "{one["name"]}" and "{other["name"]}" can be swapped: give one '
                    'a type of its own, or gather them in a struct')


def _kind(written):
    """What converts without a cast is of one kind; None: an output, which takes no temporary."""
    if written.rstrip().endswith('&') and not re.search(r'\bconst\b', written) and '&&' not in written:
        return None
    bare = ' '.join(re.sub(r'\bconst\b|&', ' ', written).split()).replace(' *', '*')
    if bare in _TEXTS:
        return 'text'
    return 'number' if _NUMBER.fullmatch(bare) else bare


def _split(inside):
    depth = start = 0
    for i, c in enumerate(inside):
        depth += c in '(<[{'
        depth -= c in ')>]}'
        if c == ',' and depth == 0:
            yield inside[start:i]
            start = i + 1
    yield inside[start:]
