#!/usr/bin/python3
"""The decisions of an installation: the operator's file is kept, the unit names what was installed."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def install(stage, prefix, script, **variables):
    settings = [f'-D{name}={value}' for name, value in variables.items()]
    subprocess.run(['cmake', f'-DCMAKE_INSTALL_PREFIX={prefix}', *settings, '-P', ROOT / script],
                   check=True, capture_output=True, env={**os.environ, 'DESTDIR': str(stage)})


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.stage = pathlib.Path(folder.name)

    def configuration(self, prefix, where):
        install(self.stage, prefix, 'config/install_once.cmake',
                watchpost_sample=ROOT / 'config/watchpost.toml')
        return self.stage / where / 'watchpost.toml'

    def unit(self, prefix):
        for component in ('gateway', 'receive'):
            install(self.stage, prefix, 'systemd/install_unit.cmake', watchpost_units=ROOT / 'systemd',
                    watchpost_examples=ROOT / 'docs/examples', watchpost_bindir='bin',
                    watchpost_docdir='share/doc/watchpost', watchpost_wanted=component)
        path = self.stage / prefix.strip('/') / 'lib/systemd/system/watchpostd.service'
        return path.read_text().splitlines()

    def test_the_sample_becomes_the_configuration_once(self):
        file = self.configuration('/usr', 'etc/watchpost')
        self.assertEqual(file.read_bytes(), (ROOT / 'config/watchpost.toml').read_bytes())
        self.assertEqual(file.stat().st_mode & 0o777, 0o640)
        file.write_text('[gateway]\nid = "mine"\n')
        self.configuration('/usr', 'etc/watchpost')
        self.assertEqual(file.read_text(), '[gateway]\nid = "mine"\n')

    def test_another_prefix_leaves_the_system_alone(self):
        self.assertTrue(self.configuration('/opt/wp', 'opt/wp/etc/watchpost').exists())
        self.assertFalse((self.stage / 'etc').exists())

    def test_the_unit_starts_the_program_that_was_installed(self):
        self.assertIn('ExecStart=/usr/bin/watchpostd --config /etc/watchpost/watchpost.toml',
                      self.unit('/usr'))
        self.assertIn('ExecStart=/opt/wp/bin/watchpostd --config /opt/wp/etc/watchpost/watchpost.toml',
                      self.unit('/opt/wp'))
        self.assertFalse([line for line in self.unit('/usr') if '@CMAKE' in line or '@WATCH' in line])

    def test_the_receiver_has_a_unit_of_its_own_for_the_program_that_was_installed(self):
        self.unit('/opt/wp')
        unit = (self.stage / 'opt/wp/lib/systemd/system/watchpost-receive.service').read_text()
        self.assertIn('ExecStart=/opt/wp/bin/watchpost receive ', unit)
        self.assertIn('WantedBy=multi-user.target', unit)


class Sdk(unittest.TestCase):
    def test_what_the_package_of_the_sdk_includes_is_in_it(self):
        lists = (ROOT / 'config/CMakeLists.txt').read_text()
        there = {f'base/{name}' for name in re.search(r'foreach\(file ([^)]*)\)', lists)[1].split()}
        folders = re.search(r'foreach\(folder ([^)]*)\)', lists)[1].split()
        self.assertIn('sdk', folders)
        files = [ROOT / 'daemon' / name for name in there]
        for folder in folders:
            files += [file for file in (ROOT / 'plugins' / folder).iterdir() if file.suffix in ('.h', '.hpp', '.cpp')]
            there |= {f'{folder}/{file.name}' for file in (ROOT / 'plugins' / folder).iterdir()}
        for file in files:
            for included in re.findall(r'#include "([^"]+)"', file.read_text()):
                self.assertTrue({included, f'{file.parent.name}/{included}'} & there, f'{file}: {included}')


class Packages(unittest.TestCase):
    def of(self, *parts):
        """What a machine that has nothing would install; dpkg-query and apt-get are imitations."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, text in (('dpkg-query', 'exit 1'), ('id', 'echo 0'), ('systemctl', 'exit 0'),
                           ('tee', 'exec cat'), ('chmod', 'exit 0'),
                           ('env', 'shift; while [ "${1#-}" != "$1" ] || [ "$1" = apt-get ] || '
                                   '[ "$1" = install ]; do shift; [ "$1" = Dpkg::Use-Pty=0 ] && shift; '
                                   '[ "$1" = DPkg::Lock::Timeout=300 ] && shift; done; exit 0')):
            path = pathlib.Path(folder.name) / name
            path.write_text(f'#!/bin/sh\n{text}\n')
            path.chmod(0o755)
        run = subprocess.run(['/bin/bash', ROOT / 'tools/install-packages', *parts], capture_output=True,
                             text=True, env={**os.environ, 'PATH': f'{folder.name}:/usr/bin:/bin'},
                             check=False)
        return run

    def test_a_box_that_only_runs_needs_no_compiler_and_a_service_no_broker(self):
        run = self.of('run')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('libpaho-mqtt1.3', run.stderr)
        self.assertNotIn('-dev', run.stderr)
        service = self.of('run', 'build')
        self.assertIn('ninja-build', service.stderr)
        # README.md looks for other programs on the port with ss.
        self.assertIn('iproute2', service.stderr)
        self.assertNotIn('mosquitto', service.stderr)
        self.assertNotIn('clang', service.stderr)

    def test_mosquitto_comes_with_the_word_that_it_is_not_started(self):
        run = self.of('run', 'build', 'mosquitto')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('neither started nor enabled', run.stderr)

    def test_without_a_part_all_is_installed_and_an_unknown_name_is_refused(self):
        self.assertIn('valgrind', self.of().stderr)
        run = self.of('tset')
        self.assertEqual(run.returncode, 2)
        self.assertIn('tset', run.stderr)


if __name__ == '__main__':
    unittest.main()
