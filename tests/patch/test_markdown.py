"""Words of others in Markdown."""

from costkit.patch.markdown import plain, table


def test_markup_is_shown_as_it_is_written():
    assert plain("<b>a|b</b> `c` [d](e) *f*") == r"&lt;b&gt;a\|b&lt;/b&gt; \`c\` \[d\](e) \*f\*"


def test_a_newline_does_not_end_a_row():
    assert table(["A"], [[plain("x\n| y |")]]) == "| A |\n| --- |\n| x \\| y \\| |\n"
