use super::*;

#[test]
fn strings_become_paragraphs_whatever_they_are_written_in() {
    for (text, markup) in [
        (
            "One & two.\nThree < four.",
            "<p>One &amp; two.</p>\n<p>Three &lt; four.</p>\n",
        ),
        (
            "One line that is\nbroken.\n\nTwo.\nThree.",
            "<p>One line that is broken.</p>\n<p>Two.</p>\n<p>Three.</p>\n",
        ),
        (
            "&ldquo;One,&rdquo; &amp;quot;two&amp;quot; AT&T",
            "<p>&ldquo;One,&rdquo; &quot;two&quot; AT&amp;T</p>\n",
        ),
        ("<p>One</p><p>Two", "<p>One</p><p>Two"),
        ("&lt;p&gt;One&lt;/p&gt;", "<p>One</p>"),
        (
            "<h2>One</h2>\n\nTwo <b>b</b>\n\n<ul><li>x</ul>",
            "<h2>One</h2>\n<p>Two <b>b</b></p>\n<ul><li>x</ul>\n",
        ),
        ("<b>One</b>\nTwo", "<p><b>One</b></p>\n<p>Two</p>\n"),
        ("<p>One<!-- two", "<p>One<!-- two-->"),
    ] {
        assert_eq!(blocks(text), markup, "{text}");
    }
}

#[test]
fn markdown_is_read_only_where_it_is_markdown() {
    let text = "## Head & shoulders\n\nOne [link](https://a.example/x) and **two**\nlines.\n\n- a\n- *b*\n\n> Quoted.\n\nEnd ![alt](x.png).";
    assert_eq!(
        blocks(text),
        "<h2>Head &amp; shoulders</h2>\n<p>One <a href=\"https://a.example/x\">link</a> and <strong>two</strong> lines.</p>\n\
         <ul>\n<li>a</li>\n<li><em>b</em></li>\n</ul>\n<blockquote>\n<p>Quoted.</p>\n</blockquote>\n<p>End .</p>\n"
    );
    assert_eq!(
        blocks("- Who is there?\n- Nobody."),
        "<p>- Who is there?</p>\n<p>- Nobody.</p>\n"
    );
}
