// DashMap under the work of Benchmarks/Sources/StateBench: the same keys, the same order, the same measures.
//
// usage: dashmap-bench KEYS ROUNDS

use dashmap::DashMap;
use std::hint::black_box;
use std::sync::Barrier;

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
const VALUE_BYTES: usize = 256;

/// CPU time of this thread, in nanoseconds.
fn processor_time() -> f64 {
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.seconds as f64 * 1e9 + time.nanoseconds as f64
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E3779B97F4A7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58476D1CE4E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D049BB133111EB);
        mixed ^ mixed >> 31
    }
}

fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut random = Random(42);
    for at in (1..count).rev() {
        order.swap(at, (random.next() % (at as u64 + 1)) as usize);
    }
    order
}

fn report(work: &str, nanoseconds: f64, operations: usize) {
    println!("{}\tDashMap\t{:.2}", work, nanoseconds / operations as f64);
}

fn timed(work: &str, operations: usize, body: impl FnOnce()) {
    let start = processor_time();
    body();
    report(work, processor_time() - start, operations);
}

fn text(number: usize) -> String {
    format!("session/{:08}/state", number)
}

/// Reads and changes go over all keys until there are a million.
fn passes(keys: usize) -> usize {
    std::cmp::max(1, (1 << 20) / keys)
}

fn words(order: &[usize], rounds: usize) {
    let map: DashMap<u64, u64> = DashMap::with_capacity(order.len());
    for _ in 0..rounds {
        map.clear();
        timed("insert 64-bit", order.len(), || {
            for number in 0..order.len() as u64 {
                map.insert(number, number);
            }
        });
        timed("get 64-bit", order.len() * passes(order.len()), || {
            for _ in 0..passes(order.len()) {
                for number in order {
                    black_box(map.get(&(*number as u64)).map(|found| *found));
                }
            }
        });
    }
}

fn copy(map: &DashMap<String, [u8; VALUE_BYTES]>, key: &str, into: &mut [u8; VALUE_BYTES]) {
    if let Some(found) = map.get(key) {
        into.copy_from_slice(&*found);
    }
    black_box(into);
}

fn mixed(map: &DashMap<String, [u8; VALUE_BYTES]>, keys: &[String], offset: usize) {
    let mut into = [0u8; VALUE_BYTES];
    let value = [2u8; VALUE_BYTES];
    for step in 0..keys.len() * passes(keys.len()) {
        let key = &keys[(step + offset) % keys.len()];
        match step % 20 {
            0..=13 => copy(map, key, &mut into),
            14..=18 => {
                map.insert(key.clone(), value);
            }
            _ => {
                map.remove(key);
            }
        }
    }
}

fn texts(order: &[usize], rounds: usize) {
    let inserted: Vec<String> = (0..order.len()).map(text).collect();
    let read: Vec<String> = order.iter().map(|number| text(*number)).collect();
    let map: DashMap<String, [u8; VALUE_BYTES]> = DashMap::with_capacity(order.len());
    let value = [1u8; VALUE_BYTES];
    let mut into = [0u8; VALUE_BYTES];
    for _ in 0..rounds {
        map.clear();
        timed("insert text", order.len(), || {
            for key in &inserted {
                map.insert(key.clone(), value);
            }
        });
        timed("get text", order.len() * passes(order.len()), || {
            for _ in 0..passes(order.len()) {
                for key in &read {
                    copy(&map, key, &mut into);
                }
            }
        });
        timed("set text", order.len() * passes(order.len()), || {
            for _ in 0..passes(order.len()) {
                for key in &read {
                    map.insert(key.clone(), value);
                }
            }
        });
        let barrier = Barrier::new(2);
        let spent: Vec<f64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2)
                .map(|thread| {
                    let (map, read, barrier) = (&map, &read, &barrier);
                    scope.spawn(move || {
                        barrier.wait();
                        let start = processor_time();
                        mixed(map, read, thread * read.len() / 2);
                        processor_time() - start
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        report("mixed text, 2 threads", (spent[0] + spent[1]) / 2.0, order.len() * passes(order.len()) * 2);
    }
}

fn main() {
    let arguments: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let order = shuffled(arguments[0]);
    words(&order, arguments[1]);
    texts(&order, arguments[1]);
}
