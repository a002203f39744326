//! Doors for the fuzzer: what reads bytes from the network, each callable alone. Nothing here may panic.
