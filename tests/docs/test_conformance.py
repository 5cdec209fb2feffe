#!/usr/bin/env python3
"""docs/mqtt-conformance.md has each normative statement of MQTT 3.1.1 and 5.0 once, and each test that it names exists."""
import collections
import pathlib
import re
import unittest

from named_tests import tests_in

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mqtt-conformance.md"

# Section: how many statements it has, from 1 on, as in appendix B of each standard.
V3 = {"1.5.3": 3, "2.2.2": 2, "2.3.1": 7, "3.1.0": 2, "3.1.2": 24, "3.1.3": 11, "3.1.4": 5, "3.2.0": 1, "3.2.2": 6,
      "3.3.1": 12, "3.3.2": 3, "3.3.4": 1, "3.3.5": 2, "3.6.1": 1, "3.8.1": 1, "3.8.3": 4, "3.8.4": 6, "3.9.3": 2,
      "3.10.1": 1, "3.10.3": 2, "3.10.4": 6, "3.12.4": 1, "3.14.1": 1, "3.14.4": 3, "4.1.0": 2, "4.3.1": 1, "4.3.2": 2,
      "4.3.3": 2, "4.4.0": 1, "4.5.0": 2, "4.6.0": 6, "4.7.1": 3, "4.7.2": 1, "4.7.3": 4, "4.8.0": 2, "6.0.0": 4,
      "7.0.0": 2, "7.1.1": 1, "7.1.2": 1}
V5 = {"1.5.4": 3, "1.5.5": 1, "1.5.7": 1, "2.1.3": 1, "2.2.1": 6, "2.2.2": 1, "3.1.0": 2, "3.1.2": 30, "3.1.3": 12,
      "3.1.4": 6, "3.2.0": 2, "3.2.2": 22, "3.3.1": 13, "3.3.2": 20, "3.3.4": 10, "3.4.2": 3, "3.5.2": 3, "3.6.1": 1,
      "3.6.2": 3, "3.7.2": 3, "3.8.1": 1, "3.8.3": 5, "3.8.4": 8, "3.9.2": 2, "3.9.3": 2, "3.10.1": 1, "3.10.3": 2,
      "3.10.4": 6, "3.11.2": 2, "3.11.3": 2, "3.12.4": 1, "3.14.0": 1, "3.14.1": 1, "3.14.2": 4, "3.14.4": 3,
      "3.15.1": 1, "3.15.2": 3, "4.1.0": 2, "4.2.0": 1, "4.3.1": 1, "4.3.2": 5, "4.3.3": 13, "4.4.0": 2, "4.5.0": 2,
      "4.6.0": 6, "4.7.0": 1, "4.7.1": 2, "4.7.2": 1, "4.7.3": 4, "4.8.2": 6, "4.9.0": 3, "4.12.0": 7, "4.12.1": 2,
      "4.13.1": 1, "4.13.2": 1, "6.0.0": 4}
NEVER_GIVEN = {"MQTT-2.2.1-1"}  # of 5.0


def ids_of(sections):
    return {f"MQTT-{section}-{number}" for section, count in sections.items() for number in range(1, count + 1)}


def rows_of(version):
    """The rows of one version's table: id, and the lines of what shows it."""
    part = PAGE.read_text().split(f"\n## MQTT {version}\n")[1].split("\n## ")[0]
    rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| MQTT-")]
    return [(row[0].removeprefix("| "), " | ".join(row[2:]).removesuffix(" |").split("<br>")) for row in rows]


class Page(unittest.TestCase):
    def test_each_statement_stands_once(self):
        for version, sections, count in (("3.1.1", V3, 141), ("5.0", V5, 251)):
            expected = ids_of(sections) - (NEVER_GIVEN if version == "5.0" else set())
            self.assertEqual(len(expected), count)
            times = collections.Counter(row[0] for row in rows_of(version))
            self.assertEqual([one for one, n in times.items() if n > 1], [])
            self.assertEqual(set(times), expected)

    def test_each_row_names_a_test_or_a_reason(self):
        known = {}
        for file in [*(ROOT / "tests").rglob("*_test.cpp"), *(ROOT / "tests" / "system").glob("test_*.py")]:
            known[file.name] = known.get(file.name, set()) | tests_in(file)
        for version in ("3.1.1", "5.0"):
            for one, shown_by in rows_of(version):
                for line in shown_by:
                    if re.fullmatch(r"\*[^*]+\*", line):
                        continue
                    named = re.fullmatch(r"`(\w+\.(?:cpp|py))`: (.+)", line)
                    self.assertTrue(named, f"{one}: {line}")
                    self.assertIn(named[1], known, one)
                    self.assertIn(named[2], known[named[1]], one)


if __name__ == "__main__":
    unittest.main(verbosity=2)
