//! What goes wrong, from a seed: how the first visits of an article end, how its answer is wrapped
//! for ever, and what happens to feeds, front pages and hosts in a pass.

use crate::prose::Random;
use crate::sites::{Make, PASSES, Site};

/// How one visit to an article ends that is well later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Status(u16),
    /// Accepted, and nothing more.
    Accepted,
    Empty,
    /// A bot check, with this status.
    BotCheck(u16),
    ConsentWall,
    /// 'Not found' with 200.
    Soft404,
    /// To itself, again and again.
    RedirectLoop,
    LogIn,
    /// The connection breaks in the middle of the page.
    Cut,
    Reset,
    Silence,
}

/// How an article is always answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapping {
    None,
    /// A redirect to itself that sets a cookie.
    Cookie,
    /// `<meta http-equiv=refresh>` to another address.
    MetaRefresh,
    /// The `Refresh` header.
    RefreshHeader,
    ContentType(&'static str),
    /// Says gzip, and is not.
    LyingGzip,
    RawDeflate,
}

/// What happens to a site in a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    /// The host hangs up on everything.
    Outage,
    /// The front page answers so once, or the feed or sitemap where there is none.
    Entry(Fault),
    /// Feeds and sitemaps are damaged in this way.
    Damaged(Damage),
}

/// How a feed or sitemap is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    BareAmpersand,
    /// Cut off in the last item.
    CutOff,
    /// A warning of PHP before the XML declaration.
    Warning,
    /// A closing tag is missing.
    Unclosed,
    /// `text/html`, though it is XML.
    ContentType,
    LyingGzip,
}

const DAMAGES: [Damage; 6] = [
    Damage::BareAmpersand,
    Damage::CutOff,
    Damage::Warning,
    Damage::Unclosed,
    Damage::ContentType,
    Damage::LyingGzip,
];

/// Faults that are the page's own.
const OF_PAGES: [Fault; 14] = [
    Fault::Status(404),
    Fault::Status(403),
    Fault::Status(408),
    Fault::Status(425),
    Fault::Status(421),
    Fault::Accepted,
    Fault::Empty,
    Fault::BotCheck(200),
    Fault::BotCheck(403),
    Fault::BotCheck(503),
    Fault::ConsentWall,
    Fault::Soft404,
    Fault::RedirectLoop,
    Fault::LogIn,
];

/// Faults that may be the host's.
pub(crate) const OF_HOSTS: [Fault; 5] = [
    Fault::Status(503),
    Fault::Status(500),
    Fault::Reset,
    Fault::Cut,
    Fault::Silence,
];

/// How the first visits of an article end that is found in `pass` and named until `named`: never so
/// many that the passes that are left are too few.
pub(crate) fn faults_of(site: &Site, pass: usize, named: usize, random: &mut Random) -> Vec<Fault> {
    if site.make == Make::Firewall {
        let check = [
            Fault::BotCheck(403),
            Fault::BotCheck(200),
            Fault::Status(403),
        ];
        return vec![random.pick(&check)];
    }
    let delays = site
        .troubles
        .iter()
        .any(|it| matches!(it, Trouble::Outage | Trouble::Entry(_)));
    let most = (PASSES - 1 - pass).min(3) - usize::from(delays && pass < PASSES - 1);
    let wanted = match random.next() % 100 {
        0..50 => 0,
        50..75 => 1,
        75..90 => 2,
        _ => 3,
    };
    let mut faults = Vec::new();
    for visit in 0..wanted.min(most) {
        let fault = if random.percent(12) && faults.is_empty() {
            random.pick(&OF_HOSTS)
        } else {
            random.pick(&OF_PAGES)
        };
        // What answers 404 twice and is named no more is gone for good.
        let is_missing = |fault: &Fault| *fault == Fault::Status(404);
        if is_missing(&fault) && (faults.iter().any(is_missing) || pass + visit > named) {
            faults.push(Fault::Status(403));
        } else {
            faults.push(fault);
        }
    }
    faults
}

pub(crate) fn wrapping(make: Make, random: &mut Random) -> Wrapping {
    const TYPES: [&str; 7] = [
        "text/html charset=utf-8",
        "text/html, text/html",
        "application/octet-stream",
        "*/*",
        "",
        "text/plain",
        "text/html; charset=iso-8859-1",
    ];
    if !random.percent(30) {
        return Wrapping::None;
    }
    match random.below(6) {
        0 => Wrapping::Cookie,
        1 => Wrapping::MetaRefresh,
        2 => Wrapping::RefreshHeader,
        3 => Wrapping::LyingGzip,
        4 => Wrapping::RawDeflate,
        // A wrong header against a right declaration in the page is another matter.
        _ if make == Make::Tables => Wrapping::None,
        _ => Wrapping::ContentType(random.pick(&TYPES)),
    }
}

pub(crate) fn troubles_of(make: Make, random: &mut Random) -> [Trouble; PASSES] {
    let mut troubles = [Trouble::None; PASSES];
    for trouble in &mut troubles {
        if random.percent(50) {
            *trouble = Trouble::Damaged(random.pick(&DAMAGES));
        }
    }
    match make {
        Make::Firewall => troubles[0] = Trouble::Entry(Fault::BotCheck(403)),
        Make::Consent => troubles[0] = Trouble::Entry(Fault::ConsentWall),
        _ if random.percent(25) => troubles[1 + random.below(2)] = Trouble::Outage,
        _ if random.percent(40) => {
            troubles[random.below(2)] = Trouble::Entry(random.pick(&OF_PAGES));
        }
        _ => {}
    }
    // The last item must be read before it drops off.
    for trouble in &mut troubles[..2] {
        if *trouble == Trouble::Damaged(Damage::CutOff) {
            *trouble = Trouble::Damaged(Damage::Unclosed);
        }
    }
    troubles
}
