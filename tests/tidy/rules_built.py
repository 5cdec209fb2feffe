"""A source that no CMakeLists.txt names is neither compiled nor run, and nobody notices: a test of that kind passes for ever."""
import fnmatch
import pathlib
import re

_NAMED = re.compile(r'[\w./${}*\[\]-]+\.(?:cpp|c)\b|\btest_[\w${}]+\.py\b')
_VARIABLE = re.compile(r'\$\{[^}]*\}')
_PART_OF_SYSTEM = re.compile(r'watchpost_system_test\((\w+)')


def _patterns(lists):
    """(end of the folder, pattern of the name); an empty folder is one that only CMake knows."""
    for path, text in lists.items():
        folder = pathlib.PurePosixPath(path).parent
        for token in _NAMED.findall(text):
            pattern = pathlib.PurePosixPath(_VARIABLE.sub('*', token))
            home = (folder / pattern.parent).parts
            # What comes behind the last ".." or variable is sure.
            sure = [i for i, part in enumerate(home) if part == '..' or '*' in part]
            yield '/'.join(home[sure[-1] + 1:] if sure else home), pattern.name
        if path == 'tests/system/CMakeLists.txt':
            for name in _PART_OF_SYSTEM.findall(text):
                yield 'tests/system', f'test_{name}.py'


def check_built(sources, lists):
    """(path, line, rule, what to do) for each of `sources` (paths) that no text of `lists` (path: text) names."""
    patterns = [(folder, pattern) for folder, pattern in _patterns(lists) if folder or '*' not in pattern]
    for path in sources:
        inside = pathlib.PurePosixPath(path)
        parent = inside.parent.as_posix()
        if not any(fnmatch.fnmatchcase(inside.name, pattern) and (not folder or f'/{parent}'.endswith('/' + folder))
                   for folder, pattern in patterns):
            yield path, 1, 'built', 'no CMakeLists.txt names it: it is not compiled, or not run; name it or remove it'
