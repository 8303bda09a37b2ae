"""The restore of docs/operating.md, rehearsed: afterwards Haat lives in the restored table alone.

The local cloud restores the present, not a second of the past; all else is as in the steps.
"""

import contextlib
import unittest

from house import House, until
from probes import new_order, order_to_accept
from roles import Roles

RESTORED = "haat-restored"


class Restore(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running = contextlib.ExitStack()
        cls.addClassCleanup(running.close)
        cls.house = House(running)

    def test_moves_functions_roles_and_trigger_to_the_restored_table(self):
        house = self.house
        lost = house.cloud.addresses["table"]
        before = new_order(house)

        self.use(self.restored(lost))

        on = {one.on: one.resource for one in Roles(house).permissions()}
        self.assertTrue(on["table"].endswith(f":table/{RESTORED}"), on["table"])
        self.assertNotIn(lost, " ".join(on.values()))
        with self.subTest("what was restored is there, and what is new is written to it"):
            self.assertEqual(house.api("GET", f"/orders/{house.account}.{before}")[0], 200)
            self.assertTrue(house.is_stored(new_order(house)))
        with self.subTest("the trigger reads the restored table's stream"):
            waiting = house.waiting("ship")
            with house.awake("react"):
                order_to_accept(house)
                self.assertTrue(until(lambda: house.waiting("ship") > waiting))
        with self.subTest("redrive finds what react may have missed"):
            self.assertIn("open orders", house.haat("redrive", "react", "--seller", house.seller))

    def restored(self, lost: str) -> str:
        """The restored table has what a restore leaves out; the ARN of its stream."""
        dynamodb, key = self.house.client("dynamodb"), self.house.cloud.addresses["key"]
        dynamodb.restore_table_to_point_in_time(
            SourceTableName=lost,
            TargetTableName=RESTORED,
            UseLatestRestorableTime=True,
            SSESpecificationOverride={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
        )
        dynamodb.get_waiter("table_exists").wait(TableName=RESTORED)
        dynamodb.update_table(
            TableName=RESTORED,
            DeletionProtectionEnabled=True,
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        dynamodb.update_time_to_live(
            TableName=RESTORED, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
        )
        dynamodb.update_continuous_backups(
            TableName=RESTORED, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        return dynamodb.describe_table(TableName=RESTORED)["Table"]["LatestStreamArn"]

    def use(self, stream: str) -> None:
        """What `make deploy` does with the two parameters of a restored table."""
        formation, stack = self.house.client("cloudformation"), self.house.cloud.addresses["stack"]
        given = {"RestoredTable": RESTORED, "RestoredTableStream": stream}
        kept = formation.describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
        names = [one["ParameterKey"] for one in kept if one["ParameterKey"] not in given]
        formation.update_stack(
            StackName=stack,
            UsePreviousTemplate=True,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": name, "UsePreviousValue": True} for name in names]
            + [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
        )
        formation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
        self.house.cloud.addresses["table"] = RESTORED
        self.house.stand_still()


if __name__ == "__main__":
    unittest.main()
