// A port of the loopback on which a program of the test's own can listen, also after a restart.
#pragma once

#include <cstdint>

namespace watchpost::test {

// Nobody listens on the port, no outgoing connection is given it (it lies below the range of those,
// Linux: 32768 and up), and no other test is given it while this process runs: it is claimed by the
// name of an abstract Unix socket, as tests/system/harness.py does too. Throws std::runtime_error
// when a thousand ports in turn were taken.
std::uint16_t free_port();

}  // namespace watchpost::test
