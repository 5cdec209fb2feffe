"""The tables of daemon/README.md say of each library what layers.toml says, and name files that exist."""
import pathlib
import re

PATH = 'daemon/README.md'
_DAEMON = pathlib.Path(__file__).resolve().parents[2] / 'daemon'
_FILE = re.compile(r'`((?:\w+/)?[a-z0-9_]+)`')
_COMMANDS = {'watchpost'}
_ROW = re.compile(r'\| `(\w+)/` \|(?:[^|]*)\|([^|]*)\|')


def _exists(layer, name):
    """`name` is a file of this layer, another layer, a file of another one, or a command."""
    folder, _, stem = name.rpartition('/')
    if name in _COMMANDS or (_DAEMON / name).is_dir():
        return True
    return any((_DAEMON / (folder or layer)).rglob(f'{stem}.?pp'))


def check_files(text):
    """(line, rule, what to do) for each file that the tables of layers and of judgement name in vain."""
    section = ''
    for number, content in enumerate(text.split('\n'), 1):
        if content.startswith('## '):
            section = content[3:]
        row = _ROW.match(content)
        layer = row.group(1) if row else 'rules'
        if not row and not (section == 'Judgement' and content.startswith('| `')):
            continue
        for name in _FILE.findall(content):
            if not _exists(layer, name):
                yield number, 'readme', f'there is no {name} in {layer}/: name the file that is meant'


def check_readme(text, tables):
    """(line, rule, what to do) for each file that is not there, and each library that the table puts
    into other layers."""
    yield from check_files(text)
    told = {}
    line = 1
    for number, content in enumerate(text.split('\n'), 1):
        row = _ROW.match(content)
        if row:
            told[row.group(1)] = row.group(2)
            line = line if line > 1 else number
    for name, prefixes in tables['library_names'].items():
        homes = {home.split('/')[0] for prefix in prefixes for home in tables['libraries'][prefix]}
        rows = {layer for layer, libraries in told.items() if name in libraries}
        if rows != homes - {'plugins'}:
            yield line, 'readme', (f'{name} is at home in {", ".join(sorted(homes))} (layers.toml), the '
                                   f'table says {", ".join(sorted(rows)) or "nowhere"}: make them agree')
