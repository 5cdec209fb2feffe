#include "ingress/shut_out_book.hpp"

#include <utility>

#include "ingress/complaints.hpp"

namespace watchpost::ingress {
namespace {

std::string key_of(const ShutOutBook::Client& client) {
  return client.client_id.empty() ? "@" + client.address : client.client_id;
}

std::string name_of(const ShutOutBook::Client& client) {
  return client.client_id.empty() ? std::string("?") : printable(client.client_id);
}

}  // namespace

void ShutOutBook::turned_away(const Client& client, Trouble why, SteadyTime now) {
  turned_away_.note(key_of(client), {client, std::move(why)}, now);
}

void ShutOutBook::let_in(const Client& client) {
  turned_away_.forget(key_of(client));
  // A device that did not get through the handshake of its port was known by its address alone.
  turned_away_.forget(key_of({"", client.address}));
}

void ShutOutBook::thrown_out(const Client& client, SteadyTime now) {
  thrown_out_.note(key_of(client), client, now);
}

Trouble ShutOutBook::full(PortLimit limit, SteadyTime now) {
  Trouble trouble = watchpost::trouble<TroubleCode::client_port_full>(
      arg<"port">(std::to_string(limit.port)), arg<"most">(std::uint64_t{limit.most}));
  full_.note(limit.port, trouble, now);
  return trouble;
}

std::vector<Trouble> ShutOutBook::troubles(SteadyTime now) const {
  std::vector<Trouble> all;
  for (const auto& [what, times, at] : turned_away_.recent(now, kAgain)) {
    all.push_back(trouble<TroubleCode::client_turned_away>(arg<"client">(name_of(what.client)),
                                                           arg<"address">(what.client.address),
                                                           arg<"times">(times))
                      .because(what.why));
  }
  for (const auto& [client, times, at] : thrown_out_.recent(now, kAgain)) {
    all.push_back(trouble<TroubleCode::clients_share_id>(arg<"client">(name_of(client)),
                                                         arg<"times">(times)));
  }
  full_.append_to(all, now);
  return all;
}

}  // namespace watchpost::ingress
