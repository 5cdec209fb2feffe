// Uplink: keeps one upstream supplied: connects, reads the log, publishes, saves cursors, connects
// again. It does what its cores decide: LinkLife decides when the link is tried and why it ended,
// Traffic what goes next and what an answer means, ReceiptDesk what a receipt means, RefusalDesk
// what becomes of refused records, CommandInbox what a command is, Forwarder order and cursors.
// Promise: what the upstream has not taken into custody is sent again, under the same id, until it
// has; only then the cursor in the spool moves. A refusal (a reason code of 0x80 or more) never
// counts as delivery: the class is tried again, or, where the record will never be taken, a copy is
// kept aside before the cursor passes it. An alarm or patrol that the broker took while nobody had
// subscribed is not delivered either: it is offered until somebody hears it. Every wait for the
// other side ends by a deadline. I/O thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "upstream/arrivals.hpp"
#include "upstream/command_inbox.hpp"
#include "upstream/link_flow.hpp"
#include "upstream/link_life.hpp"
#include "upstream/link_topics.hpp"
#include "upstream/offers.hpp"
#include "upstream/own_state.hpp"
#include "upstream/publishing.hpp"
#include "upstream/read_retry.hpp"
#include "upstream/receipt_desk.hpp"
#include "upstream/refusal_desk.hpp"
#include "upstream/traffic.hpp"
#include "upstream/turns.hpp"
#include "upstream/uplink_basis.hpp"
#include "upstream/uplink_surroundings.hpp"

namespace watchpost::upstream {

class Uplink final : private client::LinkObserver {
 public:
  using Surroundings = UplinkSurroundings;

  Uplink(Surroundings surroundings, UplinkOptions options, EventContext context,
         std::unique_ptr<client::MqttLink> link);
  ~Uplink() override;

  void start();
  // Publishes nothing new, waits for acknowledgements under way, says offline and disconnects; at
  // the latest after `within` the link is dropped. `stopped` is called once, by posting.
  void stop(std::chrono::milliseconds within, std::function<void()> stopped);
  [[nodiscard]] UplinkStatus status() const;
  // What this upstream may ask for from now on.
  void grant(DutyActionSet actions);
  // Lets go of the link at once: see client::PahoSession.
  void abandon_link() { link_->drop(); }
  // Does what is due by the clock. Called by the uplink's own timer, and by tests with a clock.
  void check_deadlines();

 private:
  using Found = spool::LogReader::Found;

  void connected(const LinkTerms& terms) override;
  void link_lost(const client::LinkEnd& end) override;
  void acknowledged(PublishToken token, ReasonCode code) override;
  void subscribed(std::span<const ReasonCode> codes) override;
  void arrived(const client::Arrival& arrival) override;
  void disconnected() override;

  [[nodiscard]] Tick tick() const { return {around_.clock.steady(), around_.random()}; }
  void connect();
  void end_link(const client::LinkEnd& end);
  void subscribe();
  void obey(CommandInbox::Asked asked, std::uint64_t arrival);
  void settle(std::uint64_t arrival);
  void send_answers();
  void publish_state(LinkState state);
  void say_farewell();
  void finish_stop();

  void committed(const spool::Heads& heads);
  void turn();
  [[nodiscard]] std::optional<SteadyTime> due_at() const;
  void ask();
  void ask_for_records();
  void ask_for_offers();
  // Calls `then` with what was read, unless the uplink is gone by then.
  void read(const spool::ReadRequest& request, std::function<void(Uplink&, Found)> then);
  void set_condemned_aside();
  void save_cursors();

  Surroundings around_;
  std::unique_ptr<client::MqttLink> link_;
  UplinkBasis basis_;
  LinkLife life_{basis_.options, basis_.log};
  LinkFlow flow_{basis_.options};
  Offers offers_{basis_};
  OwnState own_state_{basis_};
  RefusalDesk refusals_{basis_, {life_, offers_}};
  ReceiptDesk receipts_{basis_, {life_, own_state_, offers_}};
  CommandInbox inbox_{basis_, life_};
  Arrivals arrivals_;
  LinkTopics topics_{{receipts_, inbox_}};
  Traffic traffic_{basis_, {life_, flow_, offers_, refusals_, own_state_}};
  ReadRetry read_retry_{basis_};
  std::function<void()> stopped_;
  Turns turns_;
  std::shared_ptr<Uplink*> self_;  // spool and reader hold it weakly, so they see that we are gone
};

}  // namespace watchpost::upstream
