#!/usr/bin/python3
"""What is decided at install time: the operator's file is kept, the unit names what was installed."""
import os
import pathlib
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
        install(self.stage, prefix, 'systemd/install_unit.cmake', watchpost_units=ROOT / 'systemd',
                watchpost_bindir='bin', watchpost_docdir='share/doc/watchpost')
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


if __name__ == '__main__':
    unittest.main()
