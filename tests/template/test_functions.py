"""Functions in the template and functions in the repository are the same, in every respect."""

import re
import unittest

from deployed import ALARMS, ROOT, TEMPLATE, functions, of_type, text

# Lambda sets these itself; RUST_LOG stands in Globals for all.
GIVEN = re.compile(r"AWS_\w+|RUST_LOG|_HANDLER")


def read_by(name: str) -> set[str]:
    """Variables a function's main.rs names, and those of the marketplaces when it hands them all on."""
    main = (ROOT / "functions" / name / "src" / "main.rs").read_text()
    named = set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', main))
    if re.search(r"Registry::from_variables\([^;]*\|name\| env\(name\)\.ok\(\)", main):
        named |= read_by_marketplaces()
    return {variable for variable in named if not GIVEN.fullmatch(variable)}


def read_by_marketplaces() -> set[str]:
    marketplaces = ROOT / "shared" / "marketplaces" / "src"
    endings = set(re.findall(r"\{prefix\}_([A-Z_]+)", (marketplaces / "lib.rs").read_text()))
    folders = [folder.parent.name for folder in marketplaces.glob("*/mod.rs")]
    return {f"{folder.upper()}_{ending}" for folder in folders for ending in endings}


class EveryFunction(unittest.TestCase):
    def test_has_a_folder_and_every_folder_is_deployed(self):
        folders = {manifest.parent.name for manifest in (ROOT / "functions").glob("*/Cargo.toml")}
        self.assertEqual(set(functions()), folders)

    def test_runs_the_program_its_package_builds(self):
        for name, function in functions().items():
            with self.subTest(name):
                self.assertEqual(function["CodeUri"], f"target/lambda/haat-{name}/")
                manifest = (ROOT / "functions" / name / "Cargo.toml").read_text()
                self.assertRegex(manifest, rf'(?m)^name = "haat-{name}"$')

    def test_is_given_the_variables_it_reads_and_no_others(self):
        for name, function in functions().items():
            with self.subTest(name):
                given = set(function["Environment"]["Variables"])
                self.assertEqual(given, read_by(name))

    def test_writes_to_a_log_of_its_own_that_does_not_grow_for_ever(self):
        logs = of_type(TEMPLATE, "AWS::Logs::LogGroup")
        for name, function in functions().items():
            with self.subTest(name):
                log = logs[function["LoggingConfig"]["LogGroup"]["Ref"]]
                self.assertEqual(log["LogGroupName"], {"Fn::Sub": "/aws/lambda/${AWS::StackName}-" + name})
                self.assertEqual(log["RetentionInDays"], {"Ref": "LogDays"})

    def test_has_a_role_of_its_own(self):
        roles = [text(function["Role"]) for function in functions().values()]
        self.assertEqual(sorted(set(roles)), sorted(roles))

    def test_wakes_somebody_up_when_it_fails(self):
        watched = {
            (alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"][0]["Value"]["Fn::Sub"])
            for alarm in of_type(ALARMS, "AWS::CloudWatch::Alarm").values()
            if "Dimensions" in alarm and "Fn::Sub" in alarm["Dimensions"][0]["Value"]
        }
        for name, function in functions().items():
            with self.subTest(name):
                self.assertEqual(function["FunctionName"], {"Fn::Sub": "${AWS::StackName}-" + name})
                self.assertIn(("AWS/Lambda", "Errors", "${Name}-" + name), watched)


class SilenceAndTrouble(unittest.TestCase):
    def test_a_schedule_that_stops_is_an_alarm_though_it_reports_nothing(self):
        alarm = of_type(ALARMS, "AWS::CloudWatch::Alarm")["ScheduleSilent"]
        self.assertEqual((alarm["Namespace"], alarm["MetricName"]), ("AWS/Lambda", "Invocations"))
        # The function's own name, as the template gives it, and the stack's name handed on as `Name`.
        deployed = functions()["schedule"]["FunctionName"]["Fn::Sub"]
        named = {"Fn::Sub": deployed.replace("${AWS::StackName}", "${Name}")}
        self.assertEqual(alarm["Dimensions"], [{"Name": "FunctionName", "Value": named}])
        nested = of_type(TEMPLATE, "AWS::CloudFormation::Stack")["Alarms"]
        self.assertEqual(nested["Parameters"]["Name"], {"Ref": "AWS::StackName"})
        # None at all in two windows in a row, each longer than the time between two ticks.
        self.assertEqual((alarm["Statistic"], alarm["ComparisonOperator"]), ("Sum", "LessThanThreshold"))
        self.assertEqual(alarm["Threshold"], 1)
        self.assertEqual((alarm["Period"], alarm["EvaluationPeriods"]), (300, 2))
        self.assertNotIn("DatapointsToAlarm", alarm)
        # A function that never ran reports nothing, not 0.
        self.assertEqual(alarm["TreatMissingData"], "breaching")

    def test_the_schedule_ticks_more_often_than_its_alarm_looks(self):
        events = functions()["schedule"]["Events"].values()
        (tick,) = [event["Properties"] for event in events if event["Type"] in ("Schedule", "ScheduleV2")]
        self.assertEqual(tick["Schedule"] if "Schedule" in tick else tick["ScheduleExpression"], "rate(1 minute)")

    def test_an_alarm_on_what_exists_names_it(self):
        deployed = {function["FunctionName"]["Fn::Sub"] for function in functions().values()}
        deployed |= {queue["QueueName"]["Fn::Sub"] for queue in of_type(TEMPLATE, "AWS::SQS::Queue").values()}
        for name, alarm in of_type(ALARMS, "AWS::CloudWatch::Alarm").items():
            for dimension in alarm.get("Dimensions", []):
                if dimension["Name"] in ("FunctionName", "QueueName"):
                    with self.subTest(name):
                        named = dimension["Value"]["Fn::Sub"].replace("${Name}", "${AWS::StackName}")
                        self.assertIn(named, deployed)

    def test_the_log_line_the_alarm_waits_for_is_the_one_that_is_written(self):
        filters = of_type(ALARMS, "AWS::Logs::MetricFilter").values()
        self.assertTrue(filters)
        written = "\n".join(source.read_text() for source in (ROOT / "shared").glob("*/src/**/*.rs"))
        for each in filters:
            event = re.fullmatch(r'\{ \$\.event = "([a-z_.]+)" \}', each["FilterPattern"]).group(1)
            self.assertIn(f'event = "{event}"', written)
        # `event` stands at the top of a line only while events are flattened.
        self.assertIn("flatten_event(true)", (ROOT / "shared" / "aws" / "src" / "lambda.rs").read_text())

    def test_every_alarm_tells_somebody(self):
        told = {"Fn::If": ["SomebodyIsTold", [{"Ref": "Topic"}], {"Ref": "AWS::NoValue"}]}
        for name, alarm in of_type(ALARMS, "AWS::CloudWatch::Alarm").items():
            with self.subTest(name):
                self.assertEqual(alarm["AlarmActions"], told)

    def test_every_alarm_is_explained(self):
        page = (ROOT / "docs" / "operating.md").read_text()
        for name, alarm in of_type(ALARMS, "AWS::CloudWatch::Alarm").items():
            with self.subTest(name):
                called = alarm["AlarmName"]["Fn::Sub"].removeprefix("${Name}-")
                self.assertIn(f"`{called}`", page)


if __name__ == "__main__":
    unittest.main()
