#!/usr/bin/python3
"""The installed unit: systemd accepts it, it is hardened, and it never gives up."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST_EXPOSED = 1.5  # of 10; the rest is the network, which the daemon needs
MUST_STAND = ('Type=notify', 'Restart=always', 'StartLimitIntervalSec=0', 'NoNewPrivileges=yes',
              'ProtectSystem=strict', 'CapabilityBoundingSet=', 'StateDirectory=watchpost',
              'RuntimeDirectoryPreserve=restart', 'User=watchpost', 'MemoryDenyWriteExecute=yes', 'UMask=0077')


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True,
                            env={**os.environ, 'LC_ALL': 'C', 'SYSTEMD_PAGER': ''}, check=False)
    return result.returncode, result.stdout + result.stderr


def seconds(unit, key):
    value = re.search(rf'(?m)^{key}=(\d+)(min|s)?$', unit)
    return int(value.group(1)) * (60 if value.group(2) == 'min' else 1)


def main():
    mistakes = []
    unit = (ROOT / 'systemd/watchpostd.service.in').read_text()
    lines = unit.splitlines()
    mistakes += [f'{wanted} is missing' for wanted in MUST_STAND if wanted not in lines]
    if re.search(r'(?m)^(Requires|BindsTo|Requisite)=', unit):
        mistakes.append('the daemon must start without anything else')
    if seconds(unit, 'TimeoutStopSec') <= 20:
        mistakes.append('TimeoutStopSec must be longer than the default of service.stop_deadline')
    if int(re.search(r'(?m)^LimitNOFILE=(\d+)$', unit).group(1)) < 5000 * 2:
        mistakes.append('LimitNOFILE is too low for 5000 clients')
    if not shutil.which('systemd-analyze'):
        print('\n'.join(mistakes) or 'systemd-analyze is not installed: the rest is skipped')
        return 1 if mistakes else 77
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'watchpostd.service')
        # The program is not installed here, and systemd would rightly complain about that.
        path.write_text(re.sub(r'@CMAKE_INSTALL_FULL_BINDIR@/watchpostd', '/bin/true',
                               re.sub(r'@\w+@(?!/watchpostd)', '/etc/x', unit)))
        code, said = run('systemd-analyze', 'verify', str(path))
        if code or 'watchpostd.service' in said:
            mistakes.append(said)
        _, said = run('systemd-analyze', 'security', '--offline=true', str(path))
        exposure = re.search(r'exposure level for \S+: ([\d.]+)', said)
        print(exposure.group(0) if exposure else said)
        if not exposure or float(exposure.group(1)) > MOST_EXPOSED:
            mistakes.append(f'exposed more than {MOST_EXPOSED}: see systemd-analyze security')
    print('\n'.join(mistakes))
    return 1 if mistakes else 0


if __name__ == '__main__':
    sys.exit(main())
