"""Checks rendered events against docs/event.schema.json, and that the schema refuses broken ones."""
import json
import os
import subprocess
import sys
import tempfile

import jsonschema


def main(program, schema_path):
    with open(schema_path, encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(json.load(file))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "samples.jsonl")
        subprocess.run([program, "[.samples]"], env={**os.environ, "WATCHPOST_SAMPLES": path},
                       check=True, stdout=subprocess.DEVNULL)
        with open(path, "rb") as file:
            events = [json.loads(line) for line in file]
    assert len(events) > 50, f"only {len(events)} samples"
    for event in events:
        validator.validate(event)
    broken = 0
    for name in ("id", "source", "sequence", "wpclass", "data", "time"):
        event = dict(events[0])
        del event[name]
        broken += not validator.is_valid(event)
    for name, value in (("sequence", "12"), ("wparea", "31"), ("type", "x"), ("data", []), ("new", 1)):
        broken += not validator.is_valid({**events[0], name: value})
    assert broken == 11, f"the schema let {11 - broken} broken events pass"
    print(f"{len(events)} events are valid, {broken} broken ones are refused")


main(*sys.argv[1:])
