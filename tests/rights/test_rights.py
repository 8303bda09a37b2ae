"""Least privilege by behaviour: each permission is needed, and nothing else is granted."""

import contextlib
import unittest

import probes_callers  # noqa: F401  (each registers its probes)
import probes_lambda  # noqa: F401
import probes_workers  # noqa: F401
from calls import all_calls
from house import House
from probes import PROBES
from roles import Permission, Roles


class Rights(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        running = contextlib.ExitStack()
        cls.addClassCleanup(running.close)
        cls.house = House(running)
        cls.roles = Roles(cls.house)
        cls.granted = cls.roles.permissions()

    def test_each_is_missed_when_it_is_taken_away(self):
        for permission in self.granted:
            with self.subTest(str(permission)):
                self.is_missed(permission)

    def is_missed(self, permission: Permission):
        probe = PROBES.get(permission.place)
        self.assertIsNotNone(probe, f"no probe for {permission}: take it out of template.yaml or say who misses it")
        attempt = probe(self.house)
        start = self.house.journal.end()
        with self.roles.without(permission):
            self.assertFalse(attempt(), "it works without")
            refused = self.house.journal.refused_since(start)
        self.assertTrue(refused, "nothing was refused")
        for line in refused:
            self.assertTrue(permission.covers(line), f"something else was refused: {line}")
        start = self.house.journal.end()
        self.assertTrue(attempt(), "it does not work with it either")
        self.assertEqual(self.house.journal.refused_since(start), [])

    def test_there_is_no_probe_for_what_no_role_allows(self):
        self.assertEqual(set(PROBES) - {permission.place for permission in self.granted}, set())

    def test_nothing_else_is_let_through(self):
        granted, tried = {permission.place for permission in self.granted}, set()
        calls = all_calls(self.house, self.roles)
        for function in self.house.names:
            client = self.roles.acting_as(function)
            for call in calls:
                place = (function, call.action, call.on.replace(f"the log of {function}", "its log"))
                tried.add(place)
                with self.subTest(f"{function} {call.action} on {call.on}"):
                    self.assertEqual(call.is_refused(client), place not in granted)
        # Only Lambda's own reader has a place in a stream to read on from, or asks for all streams.
        untried = {(action, on) for _, action, on in granted - tried}
        reading = {("dynamodb:GetRecords", "the table's stream"), ("dynamodb:ListStreams", "any stream of the table")}
        self.assertEqual(untried, reading)


if __name__ == "__main__":
    unittest.main()
