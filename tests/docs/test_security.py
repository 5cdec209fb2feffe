#!/usr/bin/env python3
"""docs/security.md names each known vulnerability once, and each test and file that it names exists."""
import collections
import pathlib
import re
import unittest

from named_tests import tests_in

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| CVE-")]
# Rows that say in so many words that the fault is there.
WITHOUT_TEST = {"CVE-2018-12546"}


class Page(unittest.TestCase):
    def test_at_least_forty_numbers_stand_once_each_from_2017_on(self):
        times = collections.Counter(row[0] for row in ROWS)
        self.assertGreaterEqual(len(times), 40)
        self.assertEqual([one for one, count in times.items() if count > 1], [])
        for one in times:
            self.assertRegex(one, r"^CVE-20(1[7-9]|2[0-6])-\d{4,}$")

    def test_each_row_names_a_test_that_exists(self):
        for row in ROWS:
            self.assertEqual(len(row), 5, row)
            if row[0] in WITHOUT_TEST:
                self.assertEqual(row[4], "none")
                continue
            named = re.fullmatch(r"`(test_\w+\.py)`: (\w+\.test_\w+)", row[4])
            self.assertTrue(named, row)
            self.assertIn(named[2], tests_in(ROOT / "tests" / "system" / named[1]), row[0])

    def test_each_bound_names_a_file_that_exists(self):
        bounds = PAGE.split("## Every bound")[1].split("\n## ")[0]
        rows = [line.strip("| ").split(" | ") for line in bounds.splitlines() if line.startswith("| ")][1:]
        self.assertGreater(len(rows), 25)
        for row in rows:
            for file in re.findall(r"`(\w+/[\w./]+)`", row[-1]):
                self.assertTrue((ROOT / "daemon" / file).is_file(), file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
