"""docs/rights.md says what template.yaml grants, and what each permission is needed for."""

import unittest

from page import PAGE, parts, tables


class Page(unittest.TestCase):
    maxDiff = None

    def test_says_what_is_granted_and_what_for(self):
        written = f"write {PAGE.name} anew: see tests/rights/page.py"
        self.assertEqual(parts()[1].splitlines(), tables().splitlines(), written)


if __name__ == "__main__":
    unittest.main()
