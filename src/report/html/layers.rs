//! Places the boxes of a directed graph in rows, links leading downwards as far as they can.

/// Space between boxes of a row, and around a link that passes through it.
const GAP: f64 = 28.0;
/// Space between rows.
const ROW_GAP: f64 = 56.0;
/// Passes over the rows that bring neighbours nearer to each other; a few find what there is to find.
const PASSES: usize = 12;

/// A box's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Size {
    pub width: f64,
    pub height: f64,
}

/// A box's middle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// Where everything is.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Placed {
    pub width: f64,
    pub height: f64,
    /// The middle of each box.
    pub boxes: Vec<Point>,
    /// For each link the points it passes, from above to below; empty for one that leads back to its own box.
    pub links: Vec<Vec<Point>>,
    /// Whether a link leads from below to above.
    pub upwards: Vec<bool>,
}

/// Places boxes and the links between them, by their indices.
pub(super) fn place(sizes: &[Size], links: &[(usize, usize)]) -> Placed {
    let upwards = upward_links(sizes.len(), links);
    let downward: Vec<(usize, usize)> = links
        .iter()
        .zip(&upwards)
        .map(|(&(from, to), &up)| if up { (to, from) } else { (from, to) })
        .collect();
    let rows = rows_of(sizes.len(), &downward);
    let mut graph = Graph::new(sizes, &downward, &rows);
    for pass in 0..PASSES {
        graph.order(pass % 2 == 0);
    }
    graph.spread();
    graph.placed(sizes, &downward, upwards)
}

/// Which links close a cycle, found by walking from each box in turn.
fn upward_links(count: usize, links: &[(usize, usize)]) -> Vec<bool> {
    let mut leaving = vec![Vec::new(); count];
    for (number, &(from, to)) in links.iter().enumerate() {
        leaving[from].push((number, to));
    }
    let mut upwards = vec![false; links.len()];
    // 0 not seen, 1 on the way, 2 done.
    let mut state = vec![0u8; count];
    for start in 0..count {
        let mut way = vec![(start, 0)];
        while let Some((node, next)) = way.pop() {
            state[node] = state[node].max(1);
            match leaving[node].get(next) {
                Some(&(number, to)) => {
                    way.push((node, next + 1));
                    match state[to] {
                        0 => way.push((to, 0)),
                        1 => upwards[number] = true,
                        _ => {}
                    }
                }
                None => state[node] = 2,
            }
        }
    }
    upwards
}

/// The row of each box: one below the lowest that leads to it. The links close no cycle but with themselves.
fn rows_of(count: usize, links: &[(usize, usize)]) -> Vec<usize> {
    let mut rows = vec![0; count];
    // Each round settles at least one more row.
    for _ in 0..count {
        let mut settled = true;
        for &(from, to) in links.iter().filter(|(from, to)| from != to) {
            if rows[to] <= rows[from] {
                rows[to] = rows[from] + 1;
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
    rows
}

/// What stands in a row: a box, or the place where a longer link passes.
struct Item {
    size: Size,
    above: Vec<usize>,
    below: Vec<usize>,
    x: f64,
}

struct Graph {
    items: Vec<Item>,
    rows: Vec<Vec<usize>>,
    /// For each link its items from above to below.
    ways: Vec<Vec<usize>>,
}

impl Graph {
    fn new(sizes: &[Size], links: &[(usize, usize)], rows_of: &[usize]) -> Self {
        let new = |size| Item { size, above: Vec::new(), below: Vec::new(), x: 0.0 };
        let mut items: Vec<Item> = sizes.iter().map(|&size| new(size)).collect();
        let mut rows = vec![Vec::new(); rows_of.iter().max().map_or(0, |last| last + 1)];
        for (node, &row) in rows_of.iter().enumerate() {
            rows[row].push(node);
        }
        let mut ways = Vec::new();
        for &(from, to) in links {
            let mut way = vec![from];
            if from != to {
                for row in &mut rows[rows_of[from] + 1..rows_of[to]] {
                    row.push(items.len());
                    way.push(items.len());
                    items.push(new(Size { width: 0.0, height: 0.0 }));
                }
                way.push(to);
            }
            for pair in way.windows(2) {
                items[pair[0]].below.push(pair[1]);
                items[pair[1]].above.push(pair[0]);
            }
            ways.push(way);
        }
        Self { items, rows, ways }
    }

    /// Sorts each row by the middle of what it is linked with in the row before it.
    fn order(&mut self, downwards: bool) {
        let mut position = vec![0.0; self.items.len()];
        let mut set = |row: &[usize]| {
            for (at, &item) in row.iter().enumerate() {
                position[item] = at as f64;
            }
            position.clone()
        };
        let count = self.rows.len();
        for step in 0..count {
            let row = if downwards { step } else { count - 1 - step };
            let position = set(&self.rows[row]);
            let next = if downwards { row + 1 } else { row.wrapping_sub(1) };
            let Some(mut sorted) = self.rows.get(next).cloned() else { break };
            let own = set(&sorted);
            let key = |&item: &usize| {
                let Item { above, below, .. } = &self.items[item];
                mean(if downwards { above } else { below }, |&other| position[other]).unwrap_or(own[item])
            };
            sorted.sort_by(|a, b| key(a).total_cmp(&key(b)));
            self.rows[next] = sorted;
        }
    }

    /// Moves the items of each row towards what they are linked with, as far as their neighbours let them.
    fn spread(&mut self) {
        for row in &self.rows {
            let mut x = 0.0;
            for &item in row {
                let width = self.items[item].size.width;
                self.items[item].x = x + width / 2.0;
                x += width + GAP;
            }
        }
        for _ in 0..PASSES {
            for number in (0..self.rows.len()).chain((0..self.rows.len()).rev()) {
                let row = &self.rows[number];
                let wanted: Vec<f64> = row
                    .iter()
                    .map(|&item| {
                        let Item { above, below, x, .. } = &self.items[item];
                        let linked: Vec<usize> = above.iter().chain(below).copied().collect();
                        mean(&linked, |&other| self.items[other].x).unwrap_or(*x)
                    })
                    .collect();
                for (&item, x) in row.iter().zip(self.apart(row, &wanted)) {
                    self.items[item].x = x;
                }
            }
        }
    }

    /// The places nearest to the wanted ones at which no two items of a row overlap: the middle between pushing all to
    /// the right and pushing all to the left.
    fn apart(&self, row: &[usize], wanted: &[f64]) -> Vec<f64> {
        let distance = |a: usize, b: usize| {
            f64::midpoint(self.items[row[a]].size.width, self.items[row[b]].size.width) + GAP
        };
        let (mut right, mut left) = (wanted.to_vec(), wanted.to_vec());
        for at in 1..row.len() {
            right[at] = right[at].max(right[at - 1] + distance(at - 1, at));
        }
        for at in (1..row.len()).rev() {
            left[at - 1] = left[at - 1].min(left[at] - distance(at - 1, at));
        }
        right.iter().zip(left).map(|(&right, left)| f64::midpoint(right, left)).collect()
    }

    fn placed(&self, sizes: &[Size], links: &[(usize, usize)], upwards: Vec<bool>) -> Placed {
        let edges = |sign: f64| {
            self.items.iter().map(move |item| sign * (item.x + sign * item.size.width / 2.0)).reduce(f64::max)
        };
        let start = -edges(-1.0).unwrap_or_default();
        let end = edges(1.0).unwrap_or_default();
        let mut points = vec![Point::default(); self.items.len()];
        let mut y = 0.0;
        for row in &self.rows {
            let height = row.iter().map(|&item| self.items[item].size.height).fold(0.0, f64::max);
            for &item in row {
                points[item] = Point { x: self.items[item].x - start, y: y + height / 2.0 };
            }
            y += height + ROW_GAP;
        }
        let links = links.iter().zip(&self.ways).map(|(&(from, to), way)| {
            let mut way: Vec<Point> = way.iter().map(|&item| points[item]).collect();
            if way.len() < 2 {
                return Vec::new();
            }
            if let Some(first) = way.first_mut() {
                first.y += sizes[from].height / 2.0;
            }
            if let Some(last) = way.last_mut() {
                last.y -= sizes[to].height / 2.0;
            }
            way
        });
        let links = links.collect();
        points.truncate(sizes.len());
        Placed { width: end - start, height: (y - ROW_GAP).max(0.0), boxes: points, links, upwards }
    }
}

fn mean<T>(items: &[T], value: impl Fn(&T) -> f64) -> Option<f64> {
    (!items.is_empty()).then(|| items.iter().map(value).sum::<f64>() / items.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boxes(count: usize) -> Vec<Size> {
        vec![Size { width: 100.0, height: 30.0 }; count]
    }

    #[test]
    fn links_lead_downwards_and_those_of_a_cycle_back() {
        let placed = place(&boxes(4), &[(0, 1), (1, 2), (0, 2), (2, 0), (3, 3)]);
        assert_eq!(placed.upwards, [false, false, false, true, true]);
        let rows: Vec<f64> = placed.boxes.iter().map(|point| point.y).collect();
        assert_eq!(rows, [15.0, 101.0, 187.0, 15.0]);
        assert_eq!(placed.links[2].len(), 3, "a long link passes the row between");
        assert!(placed.links[4].is_empty());
        assert_eq!(place(&[], &[]), Placed::default());
    }

    #[test]
    fn a_box_stands_below_the_middle_of_what_leads_to_it() {
        let placed = place(&boxes(3), &[(0, 2), (1, 2)]);
        let x: Vec<f64> = placed.boxes.iter().map(|point| point.x).collect();
        assert!((x[2] - f64::midpoint(x[0], x[1])).abs() < 1.0, "{x:?}");
    }

    proptest! {
        /// Whatever leads where: no two boxes overlap, all is within the picture, and links lead downwards.
        #[test]
        fn boxes_never_overlap(
            widths in prop::collection::vec(10.0f64..300.0, 1..16),
            links in prop::collection::vec((0usize..16, 0usize..16), 0..40),
        ) {
            let count = widths.len();
            let sizes: Vec<Size> = widths.iter().map(|&width| Size { width, height: 30.0 }).collect();
            let links: Vec<(usize, usize)> = links.iter().map(|(a, b)| (a % count, b % count)).collect();
            let placed = place(&sizes, &links);
            for (a, first) in placed.boxes.iter().enumerate() {
                prop_assert!(first.x - sizes[a].width / 2.0 > -0.01);
                prop_assert!(first.x + sizes[a].width / 2.0 < placed.width + 0.01);
                for (b, second) in placed.boxes.iter().enumerate().skip(a + 1) {
                    let apart = (first.x - second.x).abs() + 0.01
                        >= f64::midpoint(sizes[a].width, sizes[b].width) + GAP;
                    prop_assert!(apart || (first.y - second.y).abs() > 1.0);
                }
            }
            for way in &placed.links {
                prop_assert!(way.windows(2).all(|pair| pair[0].y < pair[1].y));
            }
        }
    }
}
