"""No message is lost: each queue's rules, and what happens to what cannot be done."""

import unittest

from deployed import ALARMS, TEMPLATE, event_sources, functions, listed, of_type, text

QUEUES = of_type(TEMPLATE, "AWS::SQS::Queue")
DEAD = {text(queue["RedrivePolicy"]["deadLetterTargetArn"]).removesuffix(".Arn")
        for queue in QUEUES.values() if "RedrivePolicy" in queue}  # fmt: skip
PARKING = DEAD | {"ReactFailures"}
FOURTEEN_DAYS = 14 * 24 * 3600


def watched(metric: str) -> dict[str, dict]:
    """Alarms on a queue's metric, by the queue's name."""
    alarms = of_type(ALARMS, "AWS::CloudWatch::Alarm").values()
    return {
        alarm["Dimensions"][0]["Value"]["Fn::Sub"].replace("${Name}", "${AWS::StackName}"): alarm
        for alarm in alarms
        if alarm["MetricName"] == metric
    }


class EveryQueue(unittest.TestCase):
    def test_that_is_worked_on_parks_what_fails_five_times_in_a_queue_of_its_own(self):
        for name, queue in QUEUES.items():
            if name in PARKING:
                continue
            with self.subTest(name):
                self.assertEqual(queue["RedrivePolicy"]["maxReceiveCount"], 5)
                self.assertIn(text(queue["RedrivePolicy"]["deadLetterTargetArn"]), [f"{dead}.Arn" for dead in DEAD])
        self.assertEqual(len(DEAD), len(QUEUES) - len(PARKING))

    def test_that_parks_keeps_for_fourteen_days_and_wakes_somebody_up(self):
        alarms = watched("ApproximateNumberOfMessagesVisible")
        for name in PARKING:
            with self.subTest(name):
                self.assertEqual(QUEUES[name]["MessageRetentionPeriod"], FOURTEEN_DAYS)
                alarm = alarms[QUEUES[name]["QueueName"]["Fn::Sub"]]
                self.assertEqual((alarm["ComparisonOperator"], alarm["Threshold"]), ("GreaterThanThreshold", 0))

    def test_that_is_worked_on_has_an_alarm_on_its_oldest_message(self):
        alarms = watched("ApproximateAgeOfOldestMessage")
        names = {queue["QueueName"]["Fn::Sub"] for name, queue in QUEUES.items() if name not in PARKING}
        self.assertEqual(set(alarms), names)

    def test_is_encrypted(self):
        for name, queue in QUEUES.items():
            with self.subTest(name):
                self.assertIs(queue["SqsManagedSseEnabled"], True)

    def test_hides_a_message_for_six_times_its_functions_timeout(self):
        # AWS refuses less than the timeout and asks for six times; the local cloud accepts anything.
        worked_on = []
        for function, source in event_sources("SQS"):
            queue = text(source["Queue"]).removesuffix(".Arn")
            worked_on.append(queue)
            with self.subTest(queue):
                self.assertGreaterEqual(QUEUES[queue]["VisibilityTimeout"], 6 * functions()[function]["Timeout"])
        self.assertEqual(sorted(worked_on), sorted(set(QUEUES) - PARKING))


class EveryBatch(unittest.TestCase):
    def test_reports_failures_one_by_one(self):
        for function, source in event_sources("SQS") + event_sources("DynamoDB"):
            with self.subTest(function):
                self.assertEqual(listed(source["FunctionResponseTypes"]), ["ReportBatchItemFailures"])

    def test_of_a_queue_has_a_limit_on_how_many_run_at_once(self):
        for function, source in event_sources("SQS"):
            with self.subTest(function):
                self.assertGreaterEqual(source["ScalingConfig"]["MaximumConcurrency"], 2)

    def test_of_the_stream_ends_in_the_parking_queue(self):
        ((function, source),) = event_sources("DynamoDB")
        self.assertEqual(function, "react")
        self.assertIs(source["BisectBatchOnFunctionError"], True)
        self.assertEqual(source["MaximumRetryAttempts"], 5)
        self.assertEqual(text(source["DestinationConfig"]["OnFailure"]["Destination"]), "ReactFailures.Arn")


if __name__ == "__main__":
    unittest.main()
