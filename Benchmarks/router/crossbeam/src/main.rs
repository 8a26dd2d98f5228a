// Work between two threads over crossbeam's bounded channels, in the patterns of `attune bench hop`.
//
// usage: crossbeam-hop round-trip|stream COUNT
//
// Prints nanoseconds of processor time (both threads) and of elapsed time a piece of work. A piece is a boxed
// closure, as what a router passes on is not one type.

use crossbeam_channel::{bounded, Receiver, Sender};
use std::thread;
use std::time::Instant;

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

const CLOCK_PROCESS_CPUTIME_ID: i32 = 2;
const BURST: usize = 512;

type Work = Box<dyn FnOnce() + Send>;

fn processor_time() -> f64 {
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.seconds as f64 * 1e9 + time.nanoseconds as f64
}

fn hop(there: &Sender<Work>, here: &Receiver<Work>, back: &Sender<Work>, turns: usize, size: usize) {
    for _ in 0..turns {
        for piece in 1..=size {
            let back = back.clone();
            let work: Work = Box::new(move || {
                if piece == size {
                    back.send(Box::new(|| ())).unwrap();
                }
            });
            there.send(work).unwrap();
        }
        (here.recv().unwrap())();
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let size = if arguments[1] == "stream" { BURST } else { 1 };
    let turns = (arguments[2].parse::<usize>().unwrap() + size - 1) / size;
    let (there, work) = bounded::<Work>(2 * BURST);
    let (back, here) = bounded::<Work>(2 * BURST);
    let other = thread::spawn(move || {
        for one in work {
            one();
        }
    });
    hop(&there, &here, &back, (turns / 10).max(1), size);
    let (start, spent) = (Instant::now(), processor_time());
    hop(&there, &here, &back, turns, size);
    let pieces = (turns * size) as f64;
    println!("{} {}", (processor_time() - spent) / pieces, start.elapsed().as_nanos() as f64 / pieces);
    drop(there);
    other.join().unwrap();
}
