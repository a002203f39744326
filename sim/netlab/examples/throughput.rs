//! How much a lab carries on this machine: `cargo run --release -p netlab --example throughput`. Needs root.

#[cfg(target_os = "linux")]
fn main() {
    measure::all();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("this needs Linux");
}

#[cfg(target_os = "linux")]
mod measure {
    use std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream, UdpSocket},
        thread,
        time::{Duration, Instant},
    };

    use netlab::{Client, Impairment, Kind, Lab, Topology};

    pub fn all() {
        let late =
            Impairment { delay: Duration::from_millis(10), jitter: Duration::from_millis(2), ..Impairment::PERFECT };
        let plan = Topology::new(1).client(Client::new("phone").nat(Kind::Symmetric).up(late).down(late));
        let lab = Lab::start(&plan).unwrap_or_else(|error| panic!("no lab: {error}"));
        for megabits in [100, 200, 300, 400, 600] {
            datagrams(&lab, megabits);
        }
        round_trips(&lab);
        stream(&lab);
    }

    /// Datagrams of 1,200 bytes at a steady rate. What is carried and not read overflowed the reader's socket, whose buffer
    /// of 208 KiB is full after 4 ms at 200 Mbit/s when its process does not get its turn.
    fn datagrams(lab: &Lab, megabits: u64) {
        let server = lab.server().inside(|| UdpSocket::bind("10.77.0.1:0")).expect("an address of ours");
        let socket = lab.client(0).inside(|| UdpSocket::bind("0.0.0.0:0")).expect("any address");
        let to = server.local_addr().expect("it is bound");
        server.set_read_timeout(Some(Duration::from_millis(500))).expect("not zero");
        let before = lab.client(0).counters().up;
        let receiver = thread::spawn(move || {
            let (mut count, mut buffer) = (0u64, [0; 1500]);
            while server.recv(&mut buffer).is_ok() {
                count += 1;
            }
            count
        });
        // 1,172 of payload are 1,200 of IP. Sent in heaps of a millisecond.
        let (start, length) = (Instant::now(), Duration::from_secs(5));
        let per_second = megabits * 1_000_000 / 8 / 1200;
        let mut sent = 0;
        while start.elapsed() < length {
            let due = (start.elapsed().as_secs_f64() * per_second as f64) as u64;
            while sent < due {
                sent += u64::from(socket.send_to(&[0; 1172], to).is_ok());
            }
            thread::sleep(Duration::from_millis(1));
        }
        let took = start.elapsed();
        let received = receiver.join().expect("it only counts");
        let up = lab.client(0).counters().up;
        let carried = up.packets_out - before.packets_out;
        println!(
            "{megabits} Mbit/s offered: {:.0} sent, {:.0} carried, {:.0} read, in Mbit/s; not carried: {} of {sent}; \
             not read in time: {}",
            rate(sent, took),
            rate(carried, took),
            rate(received, took),
            sent - carried,
            carried - received,
        );
    }

    fn rate(packets: u64, time: Duration) -> f64 {
        packets as f64 * 1200.0 * 8.0 / 1e6 / time.as_secs_f64()
    }

    /// How late packets are: 20 ms and up to 4 of jitter are asked for.
    fn round_trips(lab: &Lab) {
        let exact = Impairment { delay: Duration::from_millis(10), ..Impairment::PERFECT };
        lab.client(0).set(exact, exact);
        let server = lab.server().inside(|| UdpSocket::bind("10.77.0.1:0")).expect("an address of ours");
        let socket = lab.client(0).inside(|| UdpSocket::bind("0.0.0.0:0")).expect("any address");
        let to = server.local_addr().expect("it is bound");
        thread::spawn(move || {
            let mut buffer = [0; 100];
            while let Ok((length, from)) = server.recv_from(&mut buffer) {
                if length == 1 || server.send_to(&buffer[..length], from).is_err() {
                    return;
                }
            }
        });
        let mut times: Vec<Duration> = (0..200)
            .map(|_| {
                let start = Instant::now();
                socket.send_to(b"ping", to).and_then(|_| socket.recv(&mut [0; 100])).expect("nothing is lost");
                start.elapsed()
            })
            .collect();
        times.sort();
        socket.send_to(b"x", to).expect("it is there");
        println!("round trips where 20 ms are asked for: p50 {:?}, p99 {:?}", times[100], times[198]);
    }

    /// One stream over a perfect line.
    fn stream(lab: &Lab) {
        lab.client(0).set(Impairment::PERFECT, Impairment::PERFECT);
        let listener = lab.server().inside(|| TcpListener::bind("10.77.0.1:0")).expect("an address of ours");
        let to = listener.local_addr().expect("it is bound");
        let receiver = thread::spawn(move || {
            let mut stream = listener.accept().expect("somebody comes").0;
            let (mut buffer, mut bytes) = (vec![0; 65_536], 0u64);
            while let Ok(length @ 1..) = stream.read(&mut buffer) {
                bytes += length as u64;
            }
            bytes
        });
        let mut stream = lab.client(0).inside(|| TcpStream::connect(to)).expect("it listens");
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) {
            stream.write_all(&[0; 65_536]).expect("it reads");
        }
        drop(stream);
        let bytes = receiver.join().expect("it only counts");
        println!("one stream: {:.0} Mbit/s", bytes as f64 * 8.0 / 1e6 / start.elapsed().as_secs_f64());
    }
}
