//! The text of an article as markup of our own: elements that are listed here, with attributes that are made here.
//! Nothing is loaded: pictures are links. Whatever else stands in a text is shown as text.

use std::fmt;

use askama::filters::HtmlSafe;

/// Elements that are taken over, with what ends each; `a`, `img` and `h1` become something else.
const ELEMENTS: [(&str, &str); 30] = [
    ("blockquote", "</blockquote>"),
    ("caption", "</caption>"),
    ("code", "</code>"),
    ("dd", "</dd>"),
    ("del", "</del>"),
    ("dl", "</dl>"),
    ("dt", "</dt>"),
    ("em", "</em>"),
    ("figcaption", "</figcaption>"),
    ("figure", "</figure>"),
    ("footer", "</footer>"),
    ("h2", "</h2>"),
    ("h3", "</h3>"),
    ("h4", "</h4>"),
    ("h5", "</h5>"),
    ("h6", "</h6>"),
    ("li", "</li>"),
    ("ol", "</ol>"),
    ("p", "</p>"),
    ("small", "</small>"),
    ("strong", "</strong>"),
    ("sub", "</sub>"),
    ("sup", "</sup>"),
    ("tbody", "</tbody>"),
    ("td", "</td>"),
    ("th", "</th>"),
    ("thead", "</thead>"),
    ("tr", "</tr>"),
    ("ul", "</ul>"),
    ("pre", "</pre>"),
];
/// Elements that are written otherwise.
const OTHERS: [&str; 3] = ["a", "h1", "table"];
/// Classes that a paragraph may have.
const CLASSES: [&str; 3] = ["standfirst", "caption", "entry"];
/// Elements within each other.
const DEPTH: usize = 100;
/// Longer numbers state nothing.
const DIGITS: usize = 6;

/// Markup that this program has made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Markup(String);

/// It is made of escaped text alone, and of elements that stand here.
impl HtmlSafe for Markup {}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Markup {
    /// A text of paragraphs.
    pub(crate) fn of_text(text: &str) -> Markup {
        let mut markup = Markup(String::with_capacity(text.len() + text.len() / 8));
        for paragraph in text.split("\n\n").filter(|it| !it.trim().is_empty()) {
            markup.element("p", paragraph);
        }
        markup
    }

    /// The HTML of a record.
    pub(crate) fn of_html(html: &str) -> Markup {
        let mut writer = Writer {
            out: Markup(String::with_capacity(html.len() + html.len() / 4)),
            open: Vec::new(),
        };
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            let (text, tag) = rest.split_at(start);
            writer.out.push_with(text, false);
            let inner = tag.get(1..).unwrap_or_default();
            // A tag holds no other one.
            let end = inner
                .find(['<', '>'])
                .filter(|at| inner[*at..].starts_with('>'));
            rest = match end.map(|at| inner.split_at(at)) {
                Some((tag, after)) if writer.tag(tag) => after.get(1..).unwrap_or_default(),
                _ => {
                    writer.out.raw("&lt;");
                    inner
                }
            };
        }
        writer.out.push_with(rest, false);
        while let Some((_, end)) = writer.open.pop() {
            writer.out.0.push_str(end);
        }
        writer.out
    }

    /// Adds an element of ours with this text.
    pub(crate) fn element(&mut self, name: &'static str, text: &str) {
        self.raw("<")
            .raw(name)
            .raw(">")
            .text(text)
            .raw("</")
            .raw(name)
            .raw(">\n");
    }

    /// Adds markup that stands in the code.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Markup {
        self.0.push_str(markup);
        self
    }

    /// Adds other markup.
    pub(crate) fn add(&mut self, other: &Markup) -> &mut Markup {
        self.0.push_str(&other.0);
        self
    }

    /// Adds text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Markup {
        self.push_with(text, true);
        self
    }

    /// Adds text; that of HTML has its `&` and line breaks as they are to be read.
    fn push_with(&mut self, text: &str, is_plain: bool) {
        for c in text.chars() {
            match c {
                '&' if is_plain => self.0.push_str("&amp;"),
                '\n' if is_plain => self.0.push_str("<br>\n"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                c if turns(c) => {
                    let number = format!("<span class=\"sign\">U+{:04X}</span>", u32::from(c));
                    self.0.push_str(&number);
                }
                c => self.0.push(c),
            }
        }
    }
}

/// Controls, and marks that show what follows in another order. Joiners and marks of direction belong to scripts.
fn turns(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes elements, each of which is closed.
struct Writer {
    out: Markup,
    /// The names of open elements, with what ends each.
    open: Vec<(String, &'static str)>,
}

impl Writer {
    /// Writes what a tag stands for; false where it is none that is known.
    fn tag(&mut self, tag: &str) -> bool {
        if let Some(name) = tag.strip_prefix('/') {
            return self.close(name);
        }
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        match name {
            "a" => self.link(attributes),
            "img" => self.picture(attributes),
            "h1" => self.open("h1", "<h2>", "</h2>"),
            "table" => self.open(
                name,
                "<div class=\"scroll\" role=\"region\" aria-label=\"Table\" tabindex=\"0\"><table>",
                "</table></div>",
            ),
            "br" => {
                self.out.raw("<br>\n");
            }
            _ => return self.listed(name, attributes),
        }
        true
    }

    fn listed(&mut self, name: &str, attributes: &str) -> bool {
        let Some((name, end)) = ELEMENTS.into_iter().find(|it| it.0 == name) else {
            return false;
        };
        if self.open.len() < DEPTH {
            self.out.raw("<").raw(name);
            self.attributes(name, attributes);
            self.out.raw(">");
            self.open.push((name.to_owned(), end));
        }
        true
    }

    fn open(&mut self, name: &str, start: &'static str, end: &'static str) {
        if self.open.len() < DEPTH {
            self.out.raw(start);
            self.open.push((name.to_owned(), end));
        }
    }

    /// Closes an element, and those that were left open in it.
    fn close(&mut self, name: &str) -> bool {
        let is_known = OTHERS.contains(&name) || ELEMENTS.iter().any(|it| it.0 == name);
        let place = self.open.iter().rposition(|(open, _)| open == name);
        if let Some(place) = place {
            for (_, end) in self.open.drain(place..).rev() {
                self.out.0.push_str(end);
            }
        }
        is_known
    }

    /// The attributes that say something about the text.
    fn attributes(&mut self, name: &str, attributes: &str) {
        let names: &[&'static str] = match name {
            "ol" => &["start"],
            "li" => &["value"],
            "td" | "th" => &["colspan", "rowspan"],
            _ => &[],
        };
        for name in names {
            let is_number = |it: &&str| it.len() <= DIGITS && it.parse::<i32>().is_ok();
            if let Some(value) = attribute(attributes, name).filter(is_number) {
                self.attribute(name, value);
            }
        }
        if name == "pre" {
            self.out.raw(" tabindex=\"0\"");
        }
        if name == "ol" && attributes.split(' ').any(|it| it == "reversed") {
            self.out.raw(" reversed");
        }
        if name == "li"
            && let Some(id) = attribute(attributes, "id").filter(|it| is_note(it))
        {
            self.attribute("id", id);
        }
        let class = attribute(attributes, "class");
        if name == "p"
            && let Some(class) = class.filter(|it| CLASSES.contains(it))
        {
            self.attribute("class", class);
        }
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        self.out.raw(" ").raw(name).raw("=\"");
        self.out.push_with(value, false);
        self.out.raw("\"");
    }

    /// A link to the web, or to a note. The text of any other stands alone.
    fn link(&mut self, attributes: &str) {
        if self.open.len() >= DEPTH {
            return;
        }
        let href = attribute(attributes, "href").unwrap_or_default();
        let is_inner = href.strip_prefix('#').is_some_and(is_note);
        if self.is_in_link() || !is_inner && !is_web(href) {
            return self.open("a", "", "");
        }
        self.out.raw("<a");
        self.attribute("href", href);
        if !is_inner {
            self.out.raw(REL);
        }
        self.open("a", ">", "</a>");
    }

    fn picture(&mut self, attributes: &str) {
        let alt = attribute(attributes, "alt").unwrap_or_default();
        let src = attribute(attributes, "src").filter(|it| is_web(it) && !self.is_in_link());
        if let Some(src) = src {
            self.out.raw("<a");
            self.attribute("href", src);
            self.out.raw(REL).raw(">");
        }
        self.out.raw("Picture");
        if !alt.is_empty() {
            self.out.raw(": ").push_with(alt, false);
        }
        if src.is_some() {
            self.out.raw("</a>");
        }
    }

    fn is_in_link(&self) -> bool {
        self.open.iter().any(|(name, _)| name == "a")
    }
}

/// What links out of the archive carry.
const REL: &str = " rel=\"noreferrer noopener nofollow\"";

/// True for an address that a link may lead to.
pub(crate) fn is_web(address: &str) -> bool {
    let scheme = |scheme: &str| {
        let head = address.get(..scheme.len());
        head.is_some_and(|it| it.eq_ignore_ascii_case(scheme))
    };
    scheme("https://") || scheme("http://")
}

fn is_note(id: &str) -> bool {
    let label = id.strip_prefix("fn-");
    label.is_some_and(|it| {
        !it.is_empty()
            && it
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'-')
    })
}

/// The value of an attribute, escaped as it is.
fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"')?;
        if before.trim().rsplit(' ').next() == Some(name) {
            return Some(value);
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markup(html: &str) -> String {
        Markup::of_html(html).to_string()
    }

    #[test]
    fn the_elements_of_a_text_stay_and_pictures_are_links() {
        let html = "<h1>A</h1><p class=\"standfirst\">B &amp; C<br>\n<em>D</em></p>\
                    <ol start=\"3\"><li value=\"7\" id=\"fn-2\">E</li></ol>";
        let expected = "<h2>A</h2><p class=\"standfirst\">B &amp; C<br>\n\n<em>D</em></p>\
                        <ol start=\"3\"><li value=\"7\" id=\"fn-2\">E</li></ol>";
        assert_eq!(markup(html), expected);
        assert_eq!(
            markup("<figure><img src=\"https://a.test/x\" alt=\"A boat\"></figure>"),
            "<figure><a href=\"https://a.test/x\" rel=\"noreferrer noopener nofollow\">Picture: A boat</a></figure>"
        );
        assert_eq!(
            markup("<a href=\"https://a.test/?a&amp;b\">x</a><sup><a href=\"#fn-2\">2</a></sup>"),
            "<a href=\"https://a.test/?a&amp;b\" rel=\"noreferrer noopener nofollow\">x</a>\
             <sup><a href=\"#fn-2\">2</a></sup>"
        );
    }

    #[test]
    fn nothing_else_is_markup() {
        for (html, expected) in [
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("<p onclick=\"alert(1)\" style=\"x\">a</p>", "<p>a</p>"),
            ("<a href=\"javascript:alert(1)\">a</a>", "a"),
            ("<a href=\" https://a.test\">a</a>", "a"),
            ("<img src=\"data:text/html,x\" alt=\"a\">", "Picture: a"),
            ("<p class=\"top\" id=\"main\">a", "<p>a</p>"),
            ("</p></div><em>a", "&lt;/div&gt;<em>a</em>"),
            ("a < b > c <", "a &lt; b &gt; c &lt;"),
            (
                "<td colspan=\"2\" rowspan=\"-\">a</td>",
                "<td colspan=\"2\">a</td>",
            ),
            ("<ul><li>a</ul>b", "<ul><li>a</li></ul>b"),
        ] {
            assert_eq!(markup(html), expected, "{html}");
        }
        let deep = markup(&"<em>".repeat(100_000));
        assert_eq!(deep.matches("<em>").count(), DEPTH);
        assert_eq!(deep.matches("</em>").count(), DEPTH);
    }

    #[test]
    fn a_text_is_its_paragraphs_and_marks_that_turn_it_are_shown() {
        let text = "One <b>\n& two.\n\nThree \u{202e}four\u{7}.\n\n\n\n";
        assert_eq!(
            Markup::of_text(text).to_string(),
            "<p>One &lt;b&gt;<br>\n&amp; two.</p>\n\
             <p>Three <span class=\"sign\">U+202E</span>four<span class=\"sign\">U+0007</span>.</p>\n"
        );
    }
}
