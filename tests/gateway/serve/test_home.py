"""What a first start lays into a home."""

import json
import re
from pathlib import Path

from heedtest.homes import new_home

from gateway.serve.home import prepare
from gateway.settings import Everything, load


def test_the_schema_that_the_rules_name_for_editors_is_in_the_home_and_of_this_version(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    prepare(load(Everything, home))
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", (home / "rules.yaml").read_text())
    assert named
    schema = home / named[1]
    schema.write_text("an older one")
    prepare(load(Everything, home))
    assert "$defs" in json.loads(schema.read_text())
