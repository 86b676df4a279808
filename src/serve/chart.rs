//! Days as bars: small drawings without a script, each bar with its words.

/// The size of a drawing in its own units: the width of a day, and the height.
const STEP: usize = 7;
const HEIGHT: u64 = 32;

/// A drawing of some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chart {
    /// What it shows, for those who do not see it.
    pub(crate) label: String,
    /// Its width.
    pub(crate) width: usize,
    /// Its height.
    pub(crate) height: u64,
    /// A bar a day.
    pub(crate) bars: Vec<Bar>,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    /// From the left.
    pub(crate) x: usize,
    /// From above.
    pub(crate) y: u64,
    /// How high.
    pub(crate) height: u64,
    /// How wide.
    pub(crate) width: usize,
    /// `3 articles, 2 days ago`
    pub(crate) title: String,
}

impl Chart {
    /// Of the number of each day, the oldest first, today last; `words` says what a number means.
    pub(crate) fn of_days(label: String, days: &[u64], words: impl Fn(u64) -> String) -> Chart {
        let most = days.iter().copied().max().unwrap_or(0).max(1);
        let bars = days.iter().enumerate().map(|(at, &number)| {
            // A day with anything at all shows a line.
            let height = number.saturating_mul(HEIGHT).div_ceil(most).min(HEIGHT);
            Bar {
                x: at * STEP,
                y: HEIGHT - height,
                height,
                width: STEP - 1,
                title: format!("{}, {}", words(number), ago(days.len() - 1 - at)),
            }
        });
        Chart {
            label,
            width: days.len() * STEP,
            height: HEIGHT,
            bars: bars.collect(),
        }
    }
}

/// How long ago a day was.
pub(crate) fn ago(days: usize) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_their_share_and_nothing_is_flat() {
        let chart = Chart::of_days("articles".to_owned(), &[0, 1000, 1], |it| it.to_string());
        let heights: Vec<u64> = chart.bars.iter().map(|it| it.height).collect();
        assert_eq!(heights, [0, HEIGHT, 1]);
        let titles: Vec<&str> = chart.bars.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles, ["0, 2 days ago", "1000, 1 day ago", "1, today"]);
        assert!(chart.bars.iter().all(|it| it.y + it.height == HEIGHT));
        assert!(
            Chart::of_days(String::new(), &[], |_| String::new())
                .bars
                .is_empty()
        );
        let most = Chart::of_days(String::new(), &[u64::MAX, 1], |_| String::new());
        assert!(most.bars[0].height <= HEIGHT);
    }
}
