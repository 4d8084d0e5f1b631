#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds documents to what SARIF 2.1.0 demands of the members that we write.

    check_sarif.py FOLDER

The schema below has the published one's names, types and demands (sections 3.13 to 3.55 of the
standard) and allows no other member, so that a misspelt one cannot pass as an unknown one.
"""

import json
import sys
from pathlib import Path

import jsonschema


def closed(required, **properties):
    """An object with these members and no others."""
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def many(item, least=0):
    """A list."""
    return {"type": "array", "items": item, "minItems": least}


TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = closed(["text"], text=TEXT)
ARTIFACT = closed(["uri"], uri={"type": "string", "pattern": r"^(file:///)?[A-Za-z0-9._~%@+=-][A-Za-z0-9._~%@+=/-]*$"})
REGION = closed(
    ["startLine"], startLine=NUMBER, startColumn=NUMBER, endLine=NUMBER, endColumn=NUMBER,
    snippet=closed(["text"], text={"type": "string"}),
)
LOCATION = closed(
    ["physicalLocation"], physicalLocation=closed(["artifactLocation"], artifactLocation=ARTIFACT, region=REGION)
)
REPLACEMENT = closed(
    ["deletedRegion"], deletedRegion=REGION, insertedContent=closed(["text"], text={"type": "string"})
)
CHANGE = closed(
    ["artifactLocation", "replacements"], artifactLocation=ARTIFACT, replacements=many(REPLACEMENT, 1)
)
RESULT = closed(
    ["message"], ruleId=TEXT, level=LEVEL, message=MESSAGE, locations=many(LOCATION), relatedLocations=many(LOCATION),
    fixes=many(closed(["artifactChanges"], description=MESSAGE, artifactChanges=many(CHANGE, 1))),
)
RULE = closed(
    ["id"], id=TEXT, shortDescription=MESSAGE, help=MESSAGE,
    defaultConfiguration=closed([], level=LEVEL),
)
DRIVER = closed(["name"], name=TEXT, semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"}, rules=many(RULE))
RUN = closed(
    ["tool"], tool=closed(["driver"], driver=DRIVER), columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results=many(RESULT),
)
SARIF = closed(["version", "runs"], **{"$schema": TEXT}, version={"const": "2.1.0"}, runs=many(RUN, 1))


def main(arguments):
    """Checks every document of the folder."""
    if len(arguments) != 1:
        sys.exit(__doc__)
    validator = jsonschema.Draft202012Validator(SARIF)
    files = sorted(Path(arguments[0]).glob("*.sarif"))
    complaints = [] if files else ["no *.sarif in the folder"]
    for file in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        for error in validator.iter_errors(document):
            complaints.append(f"{file.name}: {error.json_path}: {error.message}")
        for run in document["runs"]:
            rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
            complaints += [
                f"{file.name}: no rule {result['ruleId']}" for result in run["results"] if result["ruleId"] not in rules
            ]
    print("\n".join(complaints) or f"{len(files)} documents are SARIF")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
