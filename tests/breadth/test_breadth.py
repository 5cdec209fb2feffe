#!/usr/bin/env python3
"""Every publicly defined Zigbee device that can declare smoke, gas, CO, a leak, heat, a fall or a call for help
raises an alarm in every way it can, and nothing at rest raises one.

The definitions are those of the npm package zigbee-herdsman-converters (package.json beside this file), fetched
into build/npm; what their values mean is our own table, meaning.toml. Each device says each of its dangers as
Zigbee2MQTT would publish it: in its whole state, alone, and as an attribute on a topic of its own; once with the
bridge's list known and once without. decode_lines is the daemon's decoder. What still fails must stand in
exceptions.toml with its reason. WATCHPOST_BREADTH_VERBOSE=1 prints every miss."""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get('WATCHPOST_BUILD', HERE.parents[1] / 'build/debug'))
NET = re.compile(r'smoke|gas|carbon|monoxide|(^|_)co(_|$)|leak|flood|water|moist|(^|_)wet|heat|fire|flame|sos'
                 r'|panic|emerg|(^|_)help|(^|_)fall|tumble|alarm|alert|danger|hazard|methane|lpg', re.I)
BARE_ALARM = re.compile(r'alarm|alarm_[12]|alarm_alarm_[12]|alarm_state|alarm_active|alarm_status')
CHUNK = 100  # devices in one list of a bridge
MOST_EXCEPTIONS = 0.01  # of the devices that can declare danger
GROUPS = ('light', 'switch', 'fan', 'cover', 'lock', 'climate')
REPORTED, SETTABLE = 1, 2
Member = collections.namedtuple('Member', 'name rest danger happening kinds')
Line = collections.namedtuple('Line', 'device way what topic payload danger kinds')


def members_of(exposes):
    """The members of a state, with every value each of them can have."""
    for expose in exposes:
        if expose['type'] in GROUPS:
            yield from members_of(expose['features'])
        elif expose['type'] not in ('composite', 'list') and expose.get('access', REPORTED) & REPORTED:
            yield expose


def values_of(expose):
    if expose['type'] == 'binary':
        return [expose['value_off'], expose['value_on']]
    if expose['type'] == 'enum':
        return expose['values']
    if expose['type'] == 'numeric':
        low, high = expose.get('value_min', 0), expose.get('value_max', 5000)
        return sorted({value for value in (0, 1, 2, 17.5, low, high) if low <= value <= high})
    return ['none', '0']


class Table:
    def __init__(self):
        self.entries = tomllib.loads((HERE / 'meaning.toml').read_text())['member']
        self.used = set()

    def entry(self, label, name):
        for number, entry in enumerate(self.entries):
            if re.fullmatch(entry['name'], name) and re.search(entry.get('of', ''), label, re.I):
                self.used.add(number)
                return entry
        return None

    def unused(self):
        return [entry['name'] for number, entry in enumerate(self.entries) if number not in self.used]


def same(a, b):
    return type(a) is type(b) and a == b


def meaning(label, expose, table, unreviewed):
    name = expose.get('property') or expose['name']
    values = values_of(expose)
    entry = table.entry(label, name)
    if entry is None:
        texts = [name] + [value for value in values if isinstance(value, str)]
        if any(NET.search(text) for text in texts):
            unreviewed.append(f'{label}: {name} {values[:12]}')
        entry = {'danger': []}
    wanted = entry.get('danger', [])
    danger = [value for value in values if any(same(value, each) for each in wanted)
              or ('danger_with' in entry and entry['danger_with'] in str(value))]
    happening = [value for value in values if any(same(value, each) for each in entry.get('happening', []))]
    reports = not expose.get('access', REPORTED) & SETTABLE
    if expose['type'] == 'binary' and reports and not danger and BARE_ALARM.fullmatch(name):
        happening.append(expose['value_on'])  # a door that opens, a siren that sounds
    rest = [value for value in values if not any(same(value, each) for each in danger + happening)]
    return Member(name, rest or [None], danger, happening, entry.get('kinds', []))


def attribute_text(value):
    if value is None:
        return ''
    return value if isinstance(value, str) else json.dumps(value)


def lines_of(number, device, members, known):
    """What the device publishes, in each way, for each value."""
    label = f'{device["vendor"]} {device["model"]}'
    topic = f'zigbee2mqtt/device {number}'
    at_rest = {member.name: member.rest[0] for member in members} | {'linkquality': 120}
    declares = any(member.danger for member in members)
    for member in members:
        ways = ('whole', 'alone', 'attribute') if declares else ('alone',)
        if not declares and NET.search(member.name):
            ways = ('alone', 'attribute')
        # Without a list what happens there cannot be told from an alarm.
        for value in member.danger + member.rest + (member.happening if known else []):
            danger = any(same(value, each) for each in member.danger)
            what = f'{member.name}={json.dumps(value)}'
            for way in ways:
                if way == 'attribute':
                    where, payload = f'{topic}/{member.name}', attribute_text(value)
                    if payload == '':
                        continue
                else:
                    state = at_rest | {member.name: value} if way == 'whole' else {member.name: value}
                    where, payload = topic, json.dumps(state)
                yield Line(label, way, what, where, payload, danger, member.kinds)


def once(pairs, seen):
    """Without a list a message alone says the same whoever sends it: one of them is enough."""
    for line in pairs:
        key = (line.way, line.what, line.danger)
        if line.way != 'whole' and key in seen:
            continue
        seen.add(key)
        yield line


def bridge_list(devices):
    return json.dumps([{'ieee_address': f'0x{number:016x}', 'type': 'EndDevice', 'supported': True,
                        'friendly_name': f'device {number}', 'definition': device} for number, device in devices])


def decode(lines):
    """The answers of decode_lines, one for each line."""
    run = subprocess.run([BUILD / 'tests/decode_lines'], input='\n'.join(lines) + '\n', text=True,
                         capture_output=True, check=True, env=os.environ)
    return run.stdout.splitlines()


def answers(chunks, known):
    sent, asked, seen = [], [], set()
    for chunk in chunks:
        sent.append('restart')
        if known:
            asked.append(None)
            sent.append('zigbee2mqtt/bridge/devices\t' + bridge_list([(n, d) for n, d, _ in chunk]))
        for number, device, members in chunk:
            lines = lines_of(number, device, members, known)
            for line in lines if known else once(lines, seen):
                asked.append(line)
                sent.append(f'{line.topic}\t{line.payload}')
    heard = decode(sent)
    assert len(heard) == len(asked), (len(heard), len(asked))
    return [(line, answer) for line, answer in zip(asked, heard) if line]


class Score:
    def __init__(self):
        self.exceptions = tomllib.loads((HERE / 'exceptions.toml').read_text())['exception']
        self.used = set()
        self.failures = []
        self.excepted = set()

    def excuse(self, known, line):
        """The exception that speaks of this line."""
        for number, entry in enumerate(self.exceptions):
            fits = (re.search(entry['device'], line.device) and re.search(entry['what'], line.what)
                    and entry.get('list', known) == known and line.way in entry.get('ways', [line.way]))
            if fits:
                self.used.add(number)
                return entry
        return None

    def judge(self, known, pairs):
        said, raised, devices, missed, false_alarms = 0, 0, set(), set(), 0
        rest = 0
        for line, answer in pairs:
            word = answer.split(' ', 1)[0]
            if line.danger:
                said += 1
                devices.add(line.device)
                right = word == 'raised' and (not known or any(f' {kind}:' in answer for kind in line.kinds))
            else:
                rest += 1
                right = word == 'quiet'
            raised += line.danger and right
            if right:
                continue
            false_alarms += not line.danger
            if line.danger:
                missed.add(line.device)
            if self.excuse(known, line):
                if known:
                    self.excepted.add(line.device)
                continue
            self.failures.append(f'{"with" if known else "without"} list, {line.way}: {line.device}: {line.what}'
                                 f' {"is danger" if line.danger else "is at rest"} -> {answer[:120]}')
        print(f'{"With" if known else "Without"} the list of the bridge: {len(devices)} devices can declare danger; '
              f'{len(devices) - len(missed)} raise it in every way, {raised} of {said} ways of saying it are raised; '
              f'of {rest} values at rest {false_alarms} raise.')
        return devices


def main():
    subprocess.run([HERE / 'fetch'], check=True)
    environment = os.environ | {'NODE_PATH': str(HERE.parents[1] / 'build/npm/node_modules')}
    listed = subprocess.run(['node', HERE / 'definitions.js'], env=environment, capture_output=True, check=True, text=True)
    table, unreviewed, devices = Table(), [], []
    for number, device in enumerate(json.loads(listed.stdout)):
        label = f'{device["vendor"]} {device["model"]} | {device["description"]}'
        members = [meaning(label, expose, table, unreviewed) for expose in members_of(device['exposes'])]
        devices.append((number, device, members))
    chunks = [devices[i:i + CHUNK] for i in range(0, len(devices), CHUNK)]
    score = Score()
    print(f'{len(devices)} definitions.')
    for known in (True, False):
        dangerous = score.judge(known, answers(chunks, known))
    problems = [f'not reviewed in meaning.toml: {each}' for each in unreviewed]
    problems += [f'meaning.toml: nothing has the name {name}' for name in table.unused()]
    problems += [f'exceptions.toml: {entry["device"]} {entry["what"]} is not needed any more'
                 for number, entry in enumerate(score.exceptions) if number not in score.used]
    if len(score.excepted) > MOST_EXCEPTIONS * len(dangerous):
        problems.append(f'{len(score.excepted)} devices are excepted with the list known, too many')
    problems += score.failures
    most = len(problems) if os.environ.get('WATCHPOST_BREADTH_VERBOSE') else 40
    for problem in problems[:most]:
        print(problem)
    if len(problems) > most:
        print(f'... and {len(problems) - most} more')
    print(f'{len(score.exceptions)} exceptions; {len(score.excepted)} devices excepted with the list known.')
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
