// Ground: what the cores of an uplink need, without an uplink: lanes that a test fills by hand.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/upstream_records.hpp"
#include "unit/upstream/stage.hpp"
#include "upstream/link_flow.hpp"
#include "upstream/link_life.hpp"
#include "upstream/offers.hpp"
#include "upstream/own_state.hpp"
#include "upstream/receipt_desk.hpp"
#include "upstream/refusal_desk.hpp"
#include "upstream/traffic.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream_test {

inline UplinkOptions street_options(Custody custody = Custody::broker) {
  UplinkOptions options;
  options.name = "street";
  options.client_id = "watchpost-zhaoxiang-03-street";
  options.forwarding.custody.fill(custody);
  options.forwarding.epoch = "7f3a0001";
  return options;
}

// The other side ends the link and gives no reason.
inline client::LinkEnd closed_by_peer() {
  return {client::LinkEnd::How::closed,
          0,
          {Failure::Kind::unavailable, "it ended the connection", "Look at its log"}};
}

struct Ground {
  explicit Ground(const UplinkOptions& options = street_options())
      : basis{options,
              {Gateway::from({"zhaoxiang-03", "310118106203"}).value(), "7f3a0001",
               RawPolicy::undecoded},
              log,
              Forwarder(options.forwarding, {}),
              {}} {}

  // Adds `count` new records of a class, as if they were read from the log already.
  void ready(EventClass event_class, std::uint64_t count = 1) {
    heads[index_of(event_class)].value += count;
    basis.forwarder.committed(heads);
    while (const auto request = basis.forwarder.next_read()) {
      std::vector<SharedRecord> records;
      const Seq head = heads[index_of(request->event_class)];
      for (Seq seq = request->after.next(); seq <= head; ++seq) {
        records.push_back(
            std::make_shared<const Record>(a_record(request->event_class, seq.value)));
      }
      basis.forwarder.answered(request->event_class, std::move(records));
    }
  }
  [[nodiscard]] Tick tick() const { return {now, 7}; }
  void link_up(const LinkTerms& terms = {}) {
    life.connecting(now);
    flow.link_up(terms, {.now = now, .flows_from = life.connected(tick())});
    traffic.link_up(terms);
    offers.link_up(now);
    own_state.link_up(terms);
  }
  void link_lost() {
    flow.link_lost();
    basis.forwarder.link_lost();
    receipts.link_lost();
    offers.link_lost();
    const client::LinkEnd by_us;
    own_state.link_ended({by_us, true});
  }
  [[nodiscard]] UplinkStatus status() const {
    UplinkStatus status;
    life.tell(status);
    receipts.tell(status);
    refusals.tell(status);
    own_state.tell(status);
    offers.tell(status, now);
    flow.tell(status, now);
    basis.tell(status);
    return status;
  }
  [[nodiscard]] std::vector<Publication> sent() {
    std::vector<Publication> all;
    while (auto publication = traffic.next(tick())) all.push_back(std::move(*publication));
    return all;
  }

  SteadyTime now{std::chrono::hours{1}};
  KeptLog log;
  PerClass<Seq> heads{};
  UplinkBasis basis;
  LinkLife life{basis.options, log};
  LinkFlow flow{basis.options};
  Offers offers{basis};
  OwnState own_state{basis};
  RefusalDesk refusals{basis, {life, offers}};
  ReceiptDesk receipts{basis, {life, own_state, offers}};
  Traffic traffic{basis, {life, flow, offers, refusals, own_state}};
};

}  // namespace watchpost::upstream_test
