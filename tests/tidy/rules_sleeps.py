"""Tests wait for conditions. Time that only passes is part of a scenario, and one file per language says so."""
import re

_SLEEP = re.compile(r'\btime\.sleep\s*\(|\bfrom\s+time\s+import\b[^\n]*\bsleep\b|'
                    r'\bsleep_(?:for|until)\s*\(|\b(?:u|nano)?sleep\s*\(\s*[^)\s]')
# The waits themselves, and doubles whose slowness is what they play.
_HOMES = ('tests/system/times.py', 'tests/support/', 'tests/bench/')


def check_sleeps(path, text):
    """(line, rule, what to do) for each sleep in a test."""
    if not path.startswith('tests/') or not path.endswith(('.py', '.cpp', '.hpp')) or path.startswith(_HOMES):
        return
    if path.startswith('tests/tidy/'):
        return
    for number, line in enumerate(text.split('\n'), 1):
        if _SLEEP.search(re.sub(r'//.*|(?<!\S)#.*', '', line)):
            yield number, 'sleep', ('a sleep hides what it waits for: wait for that (wait_until, stays), or name the '
                                    'part of the scenario that lasts so long (tests/system/times.py)')
