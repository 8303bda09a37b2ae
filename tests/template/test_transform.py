"""The template as the local cloud gets it: transformed, with an API that has routes."""

import copy
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from deployed import ROOT, TEMPLATE, functions

import deploy
import transform

OPEN = {"GET /", "ANY /console", "ANY /console/{proxy+}", "GET /openapi.json"}
GUARDED = {"ANY /{proxy+}"}


class LocalTemplate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.uploaded = []
        with TemporaryDirectory() as folder:
            for name in functions():
                (Path(folder) / f"haat-{name}").touch()
            packaged = deploy.package(copy.deepcopy(TEMPLATE), ROOT, Path(folder), "http://127.0.0.1:1", cls.upload)
        cls.resources = transform.to_cloudformation(packaged, "ap-south-1")["Resources"]

    @classmethod
    def upload(cls, content: bytes, ending: str) -> str:
        cls.uploaded.append((content, ending))
        return f"{len(cls.uploaded)}.{ending}"

    def properties(self, kind: str) -> list[dict]:
        return [each["Properties"] for each in self.resources.values() if each["Type"] == f"AWS::ApiGatewayV2::{kind}"]

    def test_holds_no_path_of_this_machine(self):
        places = [
            each["Properties"][key]
            for each in self.resources.values()
            for key in ("Code", "TemplateURL")
            if key in each["Properties"]
        ]
        self.assertEqual(len(places), len(functions()) + 2)
        for place in places:
            self.assertTrue("S3Bucket" in place or place.startswith("http://127.0.0.1:1/"), place)

    def test_sends_the_nested_templates_unchanged(self):
        sent = {content for content, ending in self.uploaded if ending == "yaml"}
        self.assertEqual(sent, {(ROOT / "infra" / name).read_bytes() for name in ("storage.yaml", "alarms.yaml")})

    def test_spells_the_api_out(self):
        (api,) = self.properties("Api")
        self.assertNotIn("Body", api)
        self.assertEqual(api["ProtocolType"], "HTTP")
        self.assertEqual({route["RouteKey"] for route in self.properties("Route")}, OPEN | GUARDED)

    def test_leaves_open_what_is_open_and_nothing_else(self):
        kinds = {route["RouteKey"]: route.get("AuthorizationType") for route in self.properties("Route")}
        self.assertEqual({key for key, kind in kinds.items() if kind is None}, OPEN)
        self.assertEqual({key for key, kind in kinds.items() if kind == "CUSTOM"}, GUARDED)

    def test_asks_the_authorizer_again_after_a_minute_at_most(self):
        (authorizer,) = self.properties("Authorizer")
        self.assertEqual(authorizer["AuthorizerResultTtlInSeconds"], 60)
        self.assertEqual(authorizer["IdentitySource"], ["$request.header.Authorization"])
        self.assertIs(authorizer["EnableSimpleResponses"], True)
        self.assertEqual(authorizer["AuthorizerPayloadFormatVersion"], "2.0")

    def test_every_route_leads_to_its_function(self):
        led = {}
        for route in self.properties("Route"):
            integration = self.resources[route["Target"]["Fn::Join"][1][1]["Ref"]]["Properties"]
            self.assertEqual(integration["PayloadFormatVersion"], "2.0")
            led[route["RouteKey"]] = integration["IntegrationUri"]["Fn::Sub"]
        for key, uri in led.items():
            to_api = key in GUARDED or key == "GET /openapi.json"
            with self.subTest(key):
                self.assertIn("ApiFunction" if to_api else "ConsoleFunction", uri)

    def test_takes_no_managed_policy_and_makes_no_role_of_its_own(self):
        roles = {name for name, each in self.resources.items() if each["Type"] == "AWS::IAM::Role"}
        written = {name for name, each in TEMPLATE["Resources"].items() if each["Type"] == "AWS::IAM::Role"}
        self.assertEqual(roles, written)

    def test_lets_each_caller_of_a_function_call_from_one_place_alone(self):
        given = [each["Properties"] for each in self.resources.values() if each["Type"] == "AWS::Lambda::Permission"]
        self.assertEqual({each["Principal"] for each in given}, {"apigateway.amazonaws.com", "events.amazonaws.com"})
        for each in given:
            with self.subTest(each["FunctionName"]):
                self.assertEqual(each["Action"], "lambda:InvokeFunction")
                self.assertTrue(each["SourceArn"])

    def test_refuses_an_authorizer_it_does_not_know(self):
        body = {
            "components": {"securitySchemes": {"Jwt": {"x-amazon-apigateway-authorizer": {"type": "jwt"}}}},
            "paths": {},
        }
        with self.assertRaisesRegex(ValueError, "jwt"):
            transform._spell_out("Api", {"Body": body}, {})


if __name__ == "__main__":
    unittest.main()
