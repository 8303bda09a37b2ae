"""The samples in events/ are what the triggers of the template send."""

import hashlib
import json
import unittest

from deployed import ROOT, TEMPLATE, event_sources, functions, of_type

# The file named after each trigger, and the function it starts.
SAMPLES = {
    "schedule": "schedule",
    "polls": "poll",
    "table-stream": "react",
    "ship": "ship",
    "api": "api",
    "console": "console",
    "authorize": "authorize",
}


def sample(name: str) -> dict:
    return json.loads((ROOT / "events" / f"{name}.json").read_text())


def routes() -> set[str]:
    sources = [source for _, source in event_sources("HttpApi")]
    return {f"{source['Method']} {source['Path']}" for source in sources}


class Samples(unittest.TestCase):
    def test_are_one_for_each_function(self):
        self.assertEqual({path.stem for path in (ROOT / "events").glob("*.json")}, set(SAMPLES))
        self.assertEqual(set(SAMPLES.values()), set(functions()))

    def test_are_all_in_the_readme(self):
        page = (ROOT / "events" / "README.md").read_text()
        for name, function in SAMPLES.items():
            with self.subTest(name):
                self.assertRegex(page, rf"\| `{name}\.json` \|.*\| `{function}` \|")

    def test_of_queues_come_from_queues_of_the_template(self):
        queues = {queue["QueueName"]["Fn::Sub"] for queue in of_type(TEMPLATE, "AWS::SQS::Queue").values()}
        for name in ("polls", "ship"):
            for record in sample(name)["Records"]:
                with self.subTest(record["messageId"]):
                    queue = record["eventSourceARN"].rsplit(":", 1)[1]
                    self.assertIn(queue.replace("haat-", "${AWS::StackName}-"), queues)
                    json.loads(record["body"])
                    self.assertEqual(record["md5OfBody"], hashlib.md5(record["body"].encode()).hexdigest())

    def test_of_the_stream_pass_the_filters(self):
        ((_, source),) = event_sources("DynamoDB")
        patterns = [json.loads(each["Pattern"]) for each in source["FilterCriteria"]["Filters"]]
        met = set()
        for record in sample("table-stream")["Records"]:
            matching = [number for number, pattern in enumerate(patterns) if passes(pattern, record)]
            self.assertTrue(matching, record["eventID"])
            met.update(matching)
        self.assertEqual(met, set(range(len(patterns))), "a filter without a sample")

    def test_of_the_api_use_its_routes_and_the_payload_it_sends(self):
        for name in ("api", "console"):
            with self.subTest(name):
                event = sample(name)
                self.assertEqual(event["version"], "2.0")
                self.assertIn(event["routeKey"], routes())
        asked = sample("authorize")
        self.assertEqual((asked["version"], asked["type"]), ("2.0", "REQUEST"))
        self.assertEqual(asked["identitySource"], [asked["headers"]["authorization"]])


def passes(pattern, value) -> bool:
    """Lambda's filter rule for exact values: lists name what is allowed, objects go deeper."""
    if isinstance(pattern, list):
        return value in pattern
    return isinstance(value, dict) and all(passes(inner, value.get(key)) for key, inner in pattern.items())


if __name__ == "__main__":
    unittest.main()
