// has_broken_address: a URL whose host was meant as an address and is none.
// Promise: any text may be given; nothing is looked up. Any thread.
#pragma once

#include <string_view>

namespace watchpost::net {

// True: the host of this URL ends in a number, as an IPv4 address does and no name may, and is no
// address: "mqtt://192.168.1.300".
[[nodiscard]] bool has_broken_address(std::string_view url);

}  // namespace watchpost::net
