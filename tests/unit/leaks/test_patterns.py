"""The table of patterns can be read and says where each row comes from."""

import yaml

from sresnap.config.presets import preset_names
from sresnap.leaks.patterns import table
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.resources import bundled


def rows():
    return yaml.safe_load((bundled("presets") / "leaks.yaml").read_text("utf-8"))["patterns"]


def test_every_row_names_a_public_source():
    assert [row["what"] for row in rows() if not row["source"].startswith("https://")] == []


def test_every_row_is_compiled_with_needles_in_lower_case():
    patterns = table().patterns
    assert len(patterns) == len(rows())
    assert [each.what for each in patterns if not each.needles or any(n != n.lower() for n in each.needles)] == []


def test_every_fragment_is_filled():
    assert [each.what for each in table().patterns if "%(" in each.regex.pattern] == []


def test_the_table_is_not_offered_as_a_provider():
    assert "leaks" not in preset_names()


def test_the_fingerprint_changes_with_what_may_pass_and_not_with_secrets():
    rules = [
        PublicationRules(),
        PublicationRules(private=True),
        PublicationRules(allow=frozenset({"node.internal"})),
        PublicationRules(allow=frozenset({"node.internal", "10.0.0.5"})),
    ]
    assert len({each.fingerprint for each in rules}) == len(rules)
    assert PublicationRules(allow=frozenset({"Node.Internal"})).fingerprint == rules[2].fingerprint
