#!/usr/bin/python3
"""Checks the rules of the tree that no compiler checks. Usage: tidy.py [--classes] [ROOT]

Prints one line for each violation (file:line: rule: what to do) and ends with 1 if there is any.
--classes prints the largest classes instead: lines over all their files, methods, members.
Rules and limits are in layers.toml; exceptions, each with its reason, in exceptions.toml.
"""
import argparse
import pathlib
import sys
import tomllib

from rules_built import check_built
from rules_classes import check_classes, class_sizes
from rules_contract import check_contract
from rules_coroutines import check_coroutines
from rules_layers import check_includes
from rules_names import check_header, check_names, check_sql, check_test_names, check_text
from rules_readme import PATH as README, check_readme
from rules_sizes import check_sizes
from rules_sleeps import check_sleeps
from rules_swaps import check_swaps
from rules_units import check_units
from source import Source

HERE = pathlib.Path(__file__).resolve().parent
FOLDERS = ('daemon', 'plugins', 'tests', 'tools', 'config', 'systemd', 'docs', 'cmake', '.ci')
SOURCES = {'.cpp', '.hpp', '.c', '.h'}
TEXTS = SOURCES | {'.py', '.sh', '.cmake', '.toml', '.md', '.txt', '.in', '.sql', '.conf', ''}
CHECKS = (check_includes, check_coroutines, check_sizes, check_names, check_header, check_sql,
          check_test_names, check_contract, check_swaps)


def read_toml(path):
    with open(path, 'rb') as file:
        return tomllib.load(file)


def check_source(path, text, tables):
    source = Source(path, text)
    for check in CHECKS:
        yield from check(source, tables)


def check_file(path, text, tables):
    """(line, rule, what to do), in the order of the file. `path` starts at the root of the tree."""
    found = [*check_text(path, text), *check_sleeps(path, text)]
    if path == README:
        found += check_readme(text, tables)
    if pathlib.PurePath(path).suffix in SOURCES:
        found += check_source(path, text, tables)
    return sorted(found)


def files(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob('*')):
            inside = path.relative_to(root).as_posix()
            if not path.is_file() or '/__pycache__/' in inside or '/fixtures/' in inside:
                continue
            if path.suffix in TEXTS:
                yield inside, path


def check_tree(root, tables, exceptions):
    """The lines to print; an exception that is not needed any more is one of them."""
    unused = {(e['rule'], e['path']) for e in exceptions}
    allowed = set(unused)
    for inside, path in files(root):
        for line, rule, remedy in check_file(inside, path.read_text('utf-8', 'replace'), tables):
            if (rule, inside) in allowed:
                unused.discard((rule, inside))
            else:
                yield f'{inside}:{line}: {rule}: {remedy}'
    units = list(check_units(sources_below(root, ('daemon/', 'tests/'))))
    for path, line, rule, remedy in [*check_classes(class_sources(root), tables), *units, *not_built(root)]:
        if (rule, path) in allowed:
            unused.discard((rule, path))
        else:
            yield f'{path}:{line}: {rule}: {remedy}'
    for rule, path in sorted(unused):
        yield f'tests/tidy/exceptions.toml:1: exception: {rule} of {path} is not needed: remove it'


def sources_below(root, folders):
    return [Source(inside, path.read_text('utf-8', 'replace')) for inside, path in files(root)
            if inside.startswith(folders) and path.suffix in SOURCES]


def not_built(root):
    lists, sources = {}, []
    for inside, path in files(root):
        if path.name == 'CMakeLists.txt':
            lists[inside] = path.read_text('utf-8')
        elif path.suffix in {'.cpp', '.c'} or path.match('test_*.py'):
            sources.append(inside)
    return check_built(sources, lists)


def class_sources(root):
    """The product's own sources, without tests: a test is a list, not a class."""
    return sources_below(root, ('daemon/', 'plugins/'))


def print_classes(root, most=30):
    print('lines methods members files  class')
    for size in class_sizes(class_sources(root))[:most]:
        print(f'{size.lines:5} {size.methods:7} {size.members:7} {len(size.files):5}  '
              f'{size.name} ({size.path})')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--classes', action='store_true')
    parser.add_argument('root', nargs='?', type=pathlib.Path, default=HERE.parents[1])
    arguments = parser.parse_args()
    root = arguments.root
    if arguments.classes:
        print_classes(root)
        return 0
    tables = read_toml(HERE / 'layers.toml')
    exceptions = read_toml(HERE / 'exceptions.toml').get('allow', [])
    violations = list(check_tree(root, tables, exceptions))
    for violation in violations:
        print(violation)
    print(f'{len(violations)} violations')
    return 1 if violations else 0


if __name__ == '__main__':
    sys.exit(main())
