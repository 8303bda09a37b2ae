"""What must never be lost or read by others: the table, the files, the key."""

import unittest

from deployed import STORAGE, TEMPLATE, of_type, text

TABLE = STORAGE["Resources"]["Table"]["Properties"]
FILES = STORAGE["Resources"]["Files"]["Properties"]


class Storage(unittest.TestCase):
    def test_outlives_the_stack(self):
        kept = [STORAGE["Resources"][name] for name in ("Key", "Table", "Files")]
        for resource in [*kept, TEMPLATE["Resources"]["Storage"]]:
            with self.subTest(resource["Type"]):
                self.assertEqual(resource["DeletionPolicy"], "Retain")
                self.assertEqual(resource["UpdateReplacePolicy"], "Retain")
        self.assertIs(TABLE["DeletionProtectionEnabled"], True)

    def test_can_be_restored_to_any_second_of_the_last_weeks(self):
        self.assertEqual(TABLE["PointInTimeRecoverySpecification"], {"PointInTimeRecoveryEnabled": True})

    def test_gives_way_to_a_restored_table_in_everything_others_are_told(self):
        own = {"TableName": "Table", "TableArn": "Table.Arn", "TableStreamArn": "Table.StreamArn"}
        for output, attribute in own.items():
            with self.subTest(output):
                condition, restored, ours = STORAGE["Outputs"][output]["Value"]["Fn::If"]
                self.assertEqual((condition, text(ours)), ("IsRestored", attribute))
                self.assertIn("RestoredTable", text(restored))
        given = TEMPLATE["Resources"]["Storage"]["Properties"]["Parameters"]
        for name in ("RestoredTable", "RestoredTableStream"):
            self.assertEqual((given[name], TEMPLATE["Parameters"][name]["Default"]), ({"Ref": name}, ""))

    def test_is_encrypted_with_one_key_that_turns(self):
        ((name, key),) = of_type(STORAGE, "AWS::KMS::Key").items()
        self.assertIs(key["EnableKeyRotation"], True)
        self.assertEqual(text(TABLE["SSESpecification"]["KMSMasterKeyId"]), f"{name}.Arn")
        (rule,) = FILES["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        self.assertEqual(text(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]), f"{name}.Arn")
        self.assertIs(rule["BucketKeyEnabled"], True)

    def test_key_serves_others_only_through_the_table_and_the_files_of_this_account(self):
        administered, served = STORAGE["Resources"]["Key"]["Properties"]["KeyPolicy"]["Statement"]
        self.assertTrue(text(administered["Principal"]["AWS"]).endswith(":root"))
        self.assertEqual(set(served["Condition"]), {"StringEquals"})
        conditions = served["Condition"]["StringEquals"]
        self.assertEqual(text(conditions["kms:CallerAccount"]), "AWS::AccountId")
        services = [text(service) for service in conditions["kms:ViaService"]]
        self.assertEqual(services, ["dynamodb.AWS::Region.amazonaws.com", "s3.AWS::Region.amazonaws.com"])

    def test_table_has_the_keys_index_stream_and_ttl_of_the_access_patterns(self):
        self.assertEqual(keys(TABLE), ("pk", "sk"))
        (index,) = TABLE["GlobalSecondaryIndexes"]
        self.assertEqual((index["IndexName"], keys(index)), ("by_time", ("gpk", "gsk")))
        self.assertEqual(index["Projection"], {"ProjectionType": "KEYS_ONLY"})
        self.assertEqual(TABLE["StreamSpecification"], {"StreamViewType": "NEW_AND_OLD_IMAGES"})
        self.assertEqual(TABLE["TimeToLiveSpecification"], {"AttributeName": "ttl", "Enabled": True})

    def test_files_are_private_and_travel_encrypted(self):
        self.assertEqual(set(FILES["PublicAccessBlockConfiguration"].values()), {True})
        self.assertEqual(len(FILES["PublicAccessBlockConfiguration"]), 4)
        (rule,) = STORAGE["Resources"]["FilesOnlyOverTls"]["Properties"]["PolicyDocument"]["Statement"]
        self.assertEqual((rule["Effect"], rule["Principal"], rule["Action"]), ("Deny", "*", "s3:*"))
        self.assertEqual(rule["Condition"], {"Bool": {"aws:SecureTransport": "false"}})
        self.assertEqual([text(resource) for resource in rule["Resource"]], ["Files.Arn", "Files.Arn/*"])

    def test_files_with_addresses_of_buyers_go_in_time(self):
        rules = {rule.get("Prefix"): rule for rule in FILES["LifecycleConfiguration"]["Rules"]}
        self.assertEqual(rules["labels/"]["ExpirationInDays"], {"Ref": "LabelDays"})
        self.assertEqual(TEMPLATE["Parameters"]["LabelDays"]["Default"], 180)
        self.assertEqual(rules["cuts/"]["ExpirationInDays"], 1)
        self.assertEqual(rules[None]["AbortIncompleteMultipartUpload"], {"DaysAfterInitiation": 1})
        self.assertEqual({rule["Status"] for rule in rules.values()}, {"Enabled"})


def keys(schema: dict) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in schema["KeySchema"])


if __name__ == "__main__":
    unittest.main()
