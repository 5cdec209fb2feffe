// FakeBroker: the server to which a FakeLink talks, as the test wants it to be.
// I/O thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "upstream/publishing.hpp"

namespace watchpost::upstream_test {

using namespace watchpost::upstream;

struct FakeBroker {
  bool up = true;
  bool answers = true;  // the broker sends CONNACK and PUBACK by itself
  // The broker's answer to a publication.
  std::function<ReasonCode(const Publication&)> judge = [](const auto&) { return ReasonCode{0}; };
  std::string password;
  LinkTerms terms;
  std::vector<Publication> received;
  std::vector<Will> wills;
  std::vector<std::string> subscriptions;  // of the present connection
  std::string denied;                      // nobody may read this topic
  std::vector<std::uint64_t> settled;      // arrivals that were acknowledged, by number
  std::uint64_t arrivals = 0;              // so far; each has the next number
  std::size_t connects = 0;
  std::size_t goodbyes = 0;
};

}  // namespace watchpost::upstream_test
