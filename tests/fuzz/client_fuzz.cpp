// Fuzzes the client's side. The first byte chooses the version, whether a CONNACK comes first, how
// much is published and who acknowledges; the rest is the byte stream of a server.
#include <cstdlib>
#include <set>

#include "protocol/client_session.hpp"

namespace {

using namespace watchpost;
using namespace watchpost::protocol;

// Whatever the server sends, a publish is answered at most once for each step of its QoS.
struct Owner final : ClientObserver {
  ClientSession* session = nullptr;
  std::string out;
  std::set<std::pair<std::uint64_t, PacketType>> answers;

  void connected(bool) override {}
  void acknowledged(const Acknowledged& one) override {
    if (!answers.insert({one.tag, one.by}).second) std::abort();
  }
  void arrived(const Publish& publish) override {
    if (publish.qos == Qos::at_least_once) session->acknowledge(publish.packet_id, out);
  }
};

void check_sent(std::string_view bytes, Version version) {
  while (!bytes.empty()) {
    const auto frame = first_frame(bytes, kLargestVariableByteInteger);
    if (!frame || !*frame || !decode(**frame, version)) std::abort();
    const char* const end = (*frame)->body.data() + (*frame)->body.size();
    bytes.remove_prefix(static_cast<std::size_t>(end - bytes.data()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  ClientOptions options;
  options.client_id = "fuzz";
  options.version = (bytes[0] & 1) != 0 ? Version::v5 : Version::v3_1_1;
  options.window = 3;
  options.owner_acknowledges = (bytes[0] & 4) != 0;
  options.resends = (bytes[0] & 8) != 0;
  Owner owner;
  ClientSession session(options, owner);
  owner.session = &session;
  session.connect(true, owner.out);
  if ((bytes[0] & 2) != 0) {
    std::string connack;
    encode(Packet{Connack{}}, options.version, connack);
    if (session.receive(**first_frame(connack, 1'000), owner.out)) std::abort();
  }
  std::string_view rest(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  for (std::uint64_t tag = 1;; ++tag) {
    const Qos qos = (bytes[0] >> (4 + tag % 4) & 1) != 0 ? Qos::exactly_once : Qos::at_least_once;
    static_cast<void>(session.publish({"t", "p", qos, tag}, owner.out));
    if (session.in_flight() > options.window) std::abort();
    const auto frame = first_frame(rest, 64 * 1024);
    if (!frame || !*frame) break;
    const char* const end = (*frame)->body.data() + (*frame)->body.size();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (session.receive(**frame, owner.out)) break;
  }
  session.lost();
  check_sent(owner.out, options.version);
  return 0;
}
