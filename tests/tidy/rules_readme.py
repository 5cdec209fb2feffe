"""The table of layers in daemon/README.md says of each library what layers.toml says."""
import re

PATH = 'daemon/README.md'
_ROW = re.compile(r'\| `(\w+)/` \|(?:[^|]*)\|([^|]*)\|')


def check_readme(text, tables):
    """(line, rule, what to do) for each library that the table puts into other layers."""
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
