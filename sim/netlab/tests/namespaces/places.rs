//! Where clients are and how the world sees them: NATs, moves, cables.

use std::{
    io::ErrorKind,
    net::{SocketAddr, UdpSocket},
};

use super::common::{DEADLINE, Mirror, ask, bind, until};
use netlab::{Client, Kind, Lab, Topology};

#[test]
fn a_symmetric_nat_shows_another_port_to_each_server() {
    let plan = [("symmetric", Kind::Symmetric), ("cone", Kind::FullCone), ("open", Kind::None)]
        .iter()
        .fold(Topology::new(1).server_addresses(2), |plan, (name, kind)| plan.client(Client::new(name).nat(*kind)));
    let Some(lab) = Lab::or_skip(&plan) else { return };
    let mirrors = [Mirror::start(&lab, 0), Mirror::start(&lab, 1)];
    let seen = |name: &str| {
        let socket = bind(*lab.client_named(name).unwrap(), "0.0.0.0:0");
        let seen = mirrors.each_ref().map(|mirror| ask(&socket, mirror.address, "who am I"));
        (seen, socket)
    };
    let (symmetric, _) = seen("symmetric");
    assert_eq!(symmetric.map(|seen| seen.ip().to_string()), ["10.78.1.1", "10.78.1.1"]);
    assert_ne!(symmetric[0].port(), symmetric[1].port());
    let (cone, socket) = seen("cone");
    assert_eq!(cone[0], cone[1]);
    let (open, _open) = seen("open");
    assert_eq!(open[0].ip().to_string(), "10.77.3.2");

    // A stranger may send through a full cone, and not through a symmetric NAT.
    let stranger = bind(lab.server(), "10.77.0.2:0");
    stranger.send_to(b"through", cone[0]).unwrap();
    stranger.send_to(b"refused", symmetric[0]).unwrap();
    until("the filter refused", || lab.client(0).counters().down.dropped.nat == 1);
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut buffer = [0; 100];
    let (length, from) = socket.recv_from(&mut buffer).unwrap();
    assert_eq!((&buffer[..length], from), (&b"through"[..], stranger.local_addr().unwrap()));
}

#[test]
fn who_moves_has_another_address_and_the_old_one_is_gone() {
    let Some(lab) = Lab::or_skip(&Topology::new(1).client(Client::new("phone").nat(Kind::PortRestricted))) else {
        return;
    };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    let socket = bind(*phone, "0.0.0.0:0");
    let bound = bind(*phone, "10.77.1.2:0");
    let before = ask(&socket, mirror.address, "before");
    assert_eq!(before.ip().to_string(), "10.78.1.1");

    assert_eq!(phone.change_address().unwrap().to_string(), "10.77.1.3");
    let after = ask(&socket, mirror.address, "after");
    assert_eq!(after.ip().to_string(), "10.78.1.2");
    assert_eq!(phone.address().to_string(), "10.77.1.3");
    let old = phone.inside(|| UdpSocket::bind("10.77.1.2:0")).map(|_| ());
    assert_eq!(old.unwrap_err().kind(), ErrorKind::AddrNotAvailable);
    // What is bound to the old one reaches nobody: the kernel refuses, or the line does.
    let strays = lab.strays().foreign;
    if bound.send_to(b"lost", mirror.address).is_ok() {
        until("it is nobody's", || lab.strays().foreign > strays);
    }
    // And nobody reaches the old one.
    let server = bind(lab.server(), "10.77.0.1:0");
    server.send_to(b"lost", before).unwrap();
    until("it is nobody's", || lab.strays().homeless == 1);
}

#[test]
fn after_a_rebind_the_old_port_is_closed() {
    let Some(lab) = Lab::or_skip(&Topology::new(1).client(Client::new("phone").nat(Kind::FullCone))) else { return };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    let socket = bind(*phone, "0.0.0.0:0");
    let before = ask(&socket, mirror.address, "before");
    assert_eq!(ask(&socket, mirror.address, "again"), before);
    phone.rebind();
    bind(lab.server(), "10.77.0.1:0").send_to(b"lost", before).unwrap();
    until("it is refused", || phone.counters().down.dropped.nat == 1);
    let after = ask(&socket, mirror.address, "after");
    assert_eq!(after.ip(), before.ip());
    assert_ne!(after.port(), before.port());
}

#[test]
fn programs_notice_that_the_cable_is_out() {
    let Some(lab) = Lab::or_skip(&Topology::new(1).client(Client::new("phone"))) else { return };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    let socket = bind(*phone, "0.0.0.0:0");
    let seen = ask(&socket, mirror.address, "in");
    phone.unplug().unwrap();
    let error = socket.send_to(b"out", mirror.address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NetworkUnreachable);
    bind(lab.server(), "10.77.0.1:0").send_to(b"out", seen).unwrap();
    until("it is dropped", || phone.counters().down.dropped.unplugged == 1);
    phone.plug().unwrap();
    assert_eq!(ask(&socket, mirror.address, "in again"), seen);
    // A move brings the device up as well.
    phone.unplug().unwrap();
    phone.change_address().unwrap();
    assert_eq!(ask(&socket, mirror.address, "elsewhere").ip().to_string(), "10.77.1.3");
}

#[test]
fn a_closed_port_is_told_through_the_nat() {
    let Some(lab) = Lab::or_skip(&Topology::new(1).client(Client::new("phone").nat(Kind::Symmetric))) else { return };
    let socket = bind(*lab.client(0), "0.0.0.0:0");
    let closed: SocketAddr = bind(lab.server(), "10.77.0.1:0").local_addr().unwrap();
    socket.connect(closed).unwrap();
    socket.send(b"anybody there?").unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    assert_eq!(socket.recv(&mut [0; 10]).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn whoever_asks_for_the_rest_of_the_world_is_told_that_there_is_none() {
    let Some(lab) = Lab::or_skip(&Topology::new(1).client(Client::new("phone").nat(Kind::Symmetric))) else { return };
    for host in [lab.server(), *lab.client(0)] {
        let socket = bind(host, "0.0.0.0:0");
        socket.connect("192.0.2.1:53").unwrap();
        socket.send(b"what is the address of ...").unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        assert_eq!(socket.recv(&mut [0; 10]).unwrap_err().kind(), ErrorKind::HostUnreachable);
    }
}

#[test]
fn clients_meet_and_hosts_have_a_loopback() {
    let plan = Topology::new(1).client(Client::new("phone").nat(Kind::PortRestricted)).client(Client::new("laptop"));
    let Some(lab) = Lab::or_skip(&plan) else { return };
    let laptop = bind(*lab.client(1), "10.77.2.2:0");
    laptop.set_read_timeout(Some(DEADLINE)).unwrap();
    bind(*lab.client(0), "0.0.0.0:0").send_to(b"hello", laptop.local_addr().unwrap()).unwrap();
    assert_eq!(laptop.recv_from(&mut [0; 10]).unwrap().1.ip().to_string(), "10.78.1.1");
    for host in [lab.server(), *lab.client(0)] {
        let socket = bind(host, "127.0.0.1:0");
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        socket.send_to(b"me", socket.local_addr().unwrap()).unwrap();
        assert_eq!(socket.recv(&mut [0; 10]).unwrap(), 2);
    }
}
