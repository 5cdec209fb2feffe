"""Today's daemon with the store of every version that was packaged: tests/fixtures/stores has one small store each,
made by `watchpost backup` of that version. A new release adds its own and removes none."""
import json
import pathlib
import shutil
import subprocess
import unittest

from harness import BUILD, Daemon

STORES = sorted((pathlib.Path(__file__).resolve().parents[1] / "fixtures/stores").glob("*.db"))


class Released(unittest.TestCase):
    def test_the_store_of_every_packaged_version_is_opened_with_all_that_is_in_it(self):
        self.assertGreaterEqual(len(STORES), 1)
        for store in STORES:
            with self.subTest(version=store.stem):
                daemon = Daemon(self)
                daemon.store.mkdir(mode=0o700)
                shutil.copy(store, daemon.store / "watchpost.db")
                daemon.start()
                events = subprocess.run([BUILD / "watchpost", "tail", "--count", "10", "--json", "--socket", daemon.socket],
                                        capture_output=True, text=True, check=True).stdout.splitlines()
                subjects = [json.loads(line)["subject"] for line in events]
                self.assertEqual(subjects.count("kitchen"), 2)
                self.assertIn("pond-1", subjects)
                # The alarm that was open is open, and may be taken.
                alarms = json.loads(subprocess.run([BUILD / "watchpost", "alarms", "--json", "--socket", daemon.socket],
                                                   capture_output=True, text=True, check=True).stdout)
                self.assertIn("kitchen", json.dumps(alarms))
                subprocess.run([BUILD / "watchpost", "verify", "--socket", daemon.socket], check=True, capture_output=True)
                daemon.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
