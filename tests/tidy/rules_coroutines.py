"""Forms that g++ 12.2 miscompiles inside a coroutine.

A capturing lambda, an aggregate or a braced list inside an expression that awaits is freed twice or used
after it was freed (seen under AddressSanitizer; clang 14 is clean). So: name it on the line above and move
it in; the lambda of a coroutine captures nothing; what is spawned takes values, because a reference to a
temporary does not live as long; everything is spawned by base/spawn.hpp.
"""
import re

from source import (before, is_lambda, lambdas, match_backward, match_forward, opens_block,
                    word_ending)

_AWAIT = re.compile(r'\bco_(?:await|yield)\b')
_CONTROL = {'if', 'while', 'for', 'switch', 'catch'}
# Types with constructors, and numbers: temporaries of these are fine.
_HARMLESS = re.compile(r'\b(?:std::(?!array\b)[\w:]+(?:<[^<>]*>)?|int|bool|char|unsigned|double)\s*$')


def check_coroutines(source, tables):
    code = source.code
    for offset, form in sorted(set(_awaiting_forms(code))):
        yield source.line(offset), 'coroutine', (
            f'{form} inside an expression that awaits: name it on the line above and move it in')
    for start, captures, brace, end in lambdas(code):
        if captures and _is_coroutine(code[brace:end]):
            yield source.line(start), 'coroutine', (
                f'a lambda coroutine captures [{captures}]: pass it as a parameter, by value')
    homes = tables['spawn']['home']
    if not any(source.path.endswith(home) for home in homes):
        for match in re.finditer(r'\bco_spawn\b', code):
            yield source.line(match.start()), 'coroutine', (
                f'co_spawn outside {", ".join(homes)}: call spawn(), which logs what escapes')


def _is_coroutine(body):
    outer = body
    for _, _, brace, end in lambdas(body):
        outer = outer[:brace] + ' ' * (end - brace) + outer[end:]
    return re.search(r'\bco_(?:await|return|yield)\b', outer) is not None


def _awaiting_forms(code):
    for match in _AWAIT.finditer(code):
        yield from _to_the_left(code, match.start())
        yield from _to_the_right(code, match.end())


def _braced(code, brace):
    """The words for the braced list at `brace`, or nothing when the list is harmless."""
    i = before(code, brace)
    type_name = re.search(r'[\w:]+(?:<[^<>;]*>)?$', code[:i + 1][-80:])
    if type_name is None:
        return 'a braced list'
    if _HARMLESS.search(code[:i + 1][-80:]):
        return None
    return f'{type_name.group(0)}{{...}}'


def _to_the_left(code, offset):
    i = offset - 1
    while i >= 0:
        c = code[i]
        if c == ';':
            return
        if c in ')]':
            i = match_backward(code, i)
            if c == ']' and is_lambda(code, i) and code[i + 1:match_forward(code, i)].strip():
                yield i, 'a capturing lambda'
        elif c == '}':
            start = match_backward(code, i)
            if opens_block(code, start):
                # A block is the body of a lambda where it is an argument before the awaiting one,
                # else a finished block.
                if code[before(code, i + 1) + 1:offset].lstrip()[:1] not in (',', ')'):
                    return
            else:
                form = _braced(code, start)
                if form:
                    yield start, form
            i = start
        elif c == '(':
            if word_ending(code, before(code, i)) in _CONTROL:
                return
        elif c == '{':
            if opens_block(code, i):
                return
            form = _braced(code, i)
            if form:
                yield i, form
        i -= 1


def _to_the_right(code, offset):
    i = offset
    while i < len(code):
        c = code[i]
        if c == ';':
            return
        if c == '[' and is_lambda(code, i):
            end = match_forward(code, i)
            if code[i + 1:end].strip():
                yield i, 'a capturing lambda'
            i = end
        elif c == '{':
            if not opens_block(code, i):
                form = _braced(code, i)
                if form:
                    yield i, form
            i = match_forward(code, i)
        elif c == ')' and word_ending(code, before(code, match_backward(code, i))) in _CONTROL:
            return
        elif c == '}':
            return
        i += 1
