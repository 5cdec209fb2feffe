"""Which file may include which: layers of daemon/ and homes of external libraries."""


def layer_of(path):
    parts = path.split('/')
    if parts[0] == 'plugins':
        return 'plugins'
    if parts[0] == 'daemon' and len(parts) > 2:
        return parts[1]
    return None


_PLUGIN_FOLDERS = {'abi', 'sdk', 'builtin.hpp'}


def check_includes(source, tables):
    layer = layer_of(source.path)
    if layer is None:
        return
    layers = tables['layers']
    if layer not in layers:
        yield 1, 'layer', f'{layer} is not in layers.toml: give it its place there'
        return
    for line, name, angled in source.includes():
        if angled:
            yield from _check_library(source.path, layer, (line, name), tables)
            continue
        target = name.split('/')[0]
        if target in _PLUGIN_FOLDERS:
            target = 'plugins'
        # Decoders include their own folder and each other's; a target that is no layer is such a
        # neighbour.
        if target == layer or target not in layers:
            continue
        if target not in layers[layer]:
            allowed = ', '.join(layers[layer]) or 'no other'
            yield line, 'layer', (f'{layer} includes {name}, but may include {allowed}: '
                                  'move the shared part down, or pass it in from above')


def _check_library(path, layer, include, tables):
    line, name = include
    libraries = tables['libraries']
    matching = [prefix for prefix in libraries if name.startswith(prefix)]
    if not matching:
        is_standard = '.' not in name and '/' not in name
        if not is_standard and not name.startswith(tuple(tables['system']['headers'])):
            yield line, 'library', f'<{name}> has no home: give it one in layers.toml'
        return
    homes = libraries[max(matching, key=len)]
    inside = path.split('/', 1)[1]
    if '*' in homes or layer in homes or inside in homes:
        return
    yield line, 'library', (f'<{name}> is at home in {", ".join(homes) or "no layer"}, not in '
                            f'{layer}: use what its home offers')
