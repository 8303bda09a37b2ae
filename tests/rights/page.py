"""docs/rights.md: its tables are written from template.yaml and the probes.

`python3 infra/local/toolbox.py local` prints the Python that has what this needs;
`PYTHON tests/rights/page.py` writes the tables anew.
"""

import probes_callers  # noqa: F401  (each registers its probes)
import probes_lambda  # noqa: F401
import probes_workers  # noqa: F401
from deployed import TEMPLATE, functions, listed, of_type, text
from house import ROOT
from probes import PROBES

PAGE = ROOT / "docs" / "rights.md"
TABLES = "<!-- From here on written by tests/rights/page.py -->\n"
HEAD = "| action | on | without it, this is missed |\n|---|---|---|\n"
NAMES = {
    "Storage.Outputs.TableArn": "table",
    "Storage.Outputs.TableArn/index/by_time": "by_time",
    "Storage.Outputs.TableArn/stream/*": "any stream of the table",
    "Storage.Outputs.TableStreamArn": "the table's stream",
    "Storage.Outputs.KeyArn": "key",
    "Storage.Outputs.FilesBucketArn": "files",
    "Storage.Outputs.FilesBucketArn/labels/*": "labels/",
    "Storage.Outputs.FilesBucketArn/cuts/*": "cuts/",
    "Polls.Arn": "polls",
    "Ship.Arn": "ship",
    "ReactFailures.Arn": "react-failures",
}


def granted() -> list[tuple[str, str, str]]:
    """Every (function, action, resource by its name on the page) of template.yaml, in its order."""
    roles, found = of_type(TEMPLATE, "AWS::IAM::Role"), []
    for name, function in functions().items():
        names = {**NAMES, f"{name.title()}Logs.Arn": "its log"}
        role = roles[text(function["Role"]).removesuffix(".Arn")]
        statements = [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
        for one in statements:
            for action in listed(one["Action"]):
                found += [(name, action, names.get(text(on), text(on))) for on in listed(one["Resource"])]
    return found


def tables() -> str:
    """One table for each function."""
    written = {}
    for function, action, on in granted():
        probe = PROBES.get((function, action, on))
        missed = probe.__name__.replace("_", " ") if probe else "nobody knows what for"
        written[function] = written.get(function, f"\n## {function}\n\n{HEAD}") + f"| `{action}` | {on} | {missed} |\n"
    return "".join(written.values())


def parts() -> tuple[str, str]:
    """The page's text, and its tables."""
    words, mark, written = PAGE.read_text().partition(TABLES)
    return words + mark, written


if __name__ == "__main__":
    PAGE.write_text(parts()[0] + tables())
