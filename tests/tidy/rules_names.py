"""Names, openings of headers, forgotten words, SQL outside the store, names of tests."""
import re

_VAGUE_TYPE = re.compile(r'(?:Manager|Handler|Utils?|Helper|Data|Info|Object)$')
_TYPE = re.compile(r'\b(?:class|struct|union|enum(?:\s+class)?|using)\s+(?:\[\[[^\]]*\]\]\s*)?(\w+)')
_VAGUE_WORD = re.compile(r'\b\w*(?:manager|helper)\w*\b|\b(?:\w+_)?utils?\b', re.I)
_SQL = re.compile(r'\b(?:SELECT\s.*\bFROM\b|INSERT\s+(?:OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|'
                  r'DELETE\s+FROM\b|CREATE\s+(?:TABLE|INDEX)\b|PRAGMA\s+\w)', re.S)
_SNAKE = re.compile(r'[a-z0-9]+(?:_[a-z0-9]+)*(?:\.[a-z0-9]+)+')


def check_names(source, _tables):
    name = source.path.rsplit('/', 1)[-1]
    if not _SNAKE.fullmatch(name):
        yield 1, 'name', f'{name} is not in snake_case: rename the file'
    for match in _TYPE.finditer(source.code):
        if _VAGUE_TYPE.search(match.group(1)):
            yield source.line(match.start()), 'name', (
                f'{match.group(1)} ends in a vague word: say what it is')
    for match in _VAGUE_WORD.finditer(source.code):
        yield source.line(match.start()), 'name', f'{match.group(0)} is vague: say what it does'


def check_header(source, _tables):
    if not source.path.endswith('.hpp'):
        return
    if not source.text.startswith('//'):
        yield 1, 'header', 'opens without a comment: say what it is, its promise, who calls it'
    if not re.search(r'(?m)^#pragma once$', source.text):
        yield 1, 'header', 'has no #pragma once: add it after the opening comment'


_SQL_HOMES = ('daemon/spool/', 'daemon/receiver/')


def check_sql(source, _tables):
    if not source.path.startswith('daemon/') or source.path.startswith(_SQL_HOMES):
        return
    for offset, literal in source.literals:
        if _SQL.search(literal):
            yield source.line(offset), 'sql', 'SQL outside spool and receiver: ask one of them for what you need'


def check_test_names(source, _tables):
    if not source.path.startswith('tests/'):
        return
    calls = re.compile(r'\bTEST_CASE\(\s*((?:"(?:\\.|[^"\\])*"\s*)+)(?:,\s*((?:"(?:\\.|[^"\\])*"\s*)+))?')
    named = source.path.endswith('_test.cpp')
    if named != bool(re.search(r'\bTEST_CASE\(', source.code)):
        yield 1, 'test', ('is named like tests and holds none: rename it' if named else
                          'holds tests: name the file <subject>_test.cpp')
    for match in calls.finditer(source.text):
        name = ''.join(re.findall(r'"((?:\\.|[^"\\])*)"', match.group(1)))
        line = source.line(match.start())
        if len(name.split()) < 3 or name.endswith('.') or name.lower().startswith('test'):
            yield line, 'test', f'"{name}" is no sentence about behaviour: say who does what, when'
        tags = ''.join(re.findall(r'"([^"]*)"', match.group(2) or ''))
        if not re.search(r'\[\w+\]\s*\[\.?\w+\]', tags):
            yield line, 'test', 'has no tags: give the layer, then the kind, as "[spool][unit]"'


_LEFT_BEHIND = re.compile(r'\b(?:TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b')
# What explains the code stands in the repository: see docs/ and daemon/README.md.
_ELSEWHERE = re.compile(r'\bDES' r'IGN\b')
_OF_ONE_MACHINE = re.compile(r'(?:^|[\s"\'=(:])(/(?:ho' r'me|Us' r'ers|ro' r'ot|wo' r'rk)/\w+)')


def check_text(path, text):
    """The checks of every kind of text file."""
    for number, line in enumerate(text.split('\n'), 1):
        if match := _LEFT_BEHIND.search(line):
            yield number, 'left behind', f'{match.group(0)}: do it now, or make it an issue'
        if match := _ELSEWHERE.search(line):
            yield number, 'left behind', f'{match.group(0)} is not in the repository: name what is'
        if match := _OF_ONE_MACHINE.search(line):
            yield number, 'path', f'{match.group(1)} exists on one machine only: make it relative'
