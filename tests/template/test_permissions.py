"""How a function's role is written. What it allows is judged in tests/rights."""

import unittest

from deployed import TEMPLATE, listed, of_type, text

ROLES = of_type(TEMPLATE, "AWS::IAM::Role")
# The only places where a name may end in a star: objects of a prefix, streams of the table.
OPEN_ENDED = ("/labels/*", "/cuts/*", "/stream/*")


def statements(role: dict) -> list[dict]:
    return [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]


class Permissions(unittest.TestCase):
    def test_name_every_action_and_every_resource(self):
        for role, properties in ROLES.items():
            self.assertNotIn("ManagedPolicyArns", properties, f"{role} takes what AWS's own policy gives")
            for statement in statements(properties):
                self.assertEqual(statement["Effect"], "Allow")
                for action in listed(statement["Action"]):
                    self.assertNotIn("*", action, role)
                for resource in map(text, listed(statement["Resource"])):
                    if "*" in resource:
                        self.assertTrue(
                            resource.endswith(OPEN_ENDED) and resource.count("*") == 1, f"{role}: {resource}"
                        )

    def test_only_lambda_takes_a_role(self):
        for role, properties in ROLES.items():
            with self.subTest(role):
                (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]
                self.assertEqual(trust["Principal"], {"Service": "lambda.amazonaws.com"})

    def test_to_the_key_are_for_data_keys_of_sellers(self):
        for role, properties in ROLES.items():
            for statement in statements(properties):
                if any(action.startswith("kms:") for action in listed(statement["Action"])):
                    with self.subTest(role):
                        wanted = {"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "seller"}}
                        self.assertEqual(statement["Condition"], wanted)


if __name__ == "__main__":
    unittest.main()
