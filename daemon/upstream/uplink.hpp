// Uplink: keeps one upstream supplied: connects, asks the log, publishes, settles, connects again.
// Promise: what the upstream has not taken into custody is sent again, under the same id, until it
// has; only then the cursor in the spool moves. A refusal (a reason code of 0x80 or more) never
// counts as delivery: the class is tried again, or, where the record will never be taken, a copy is
// kept aside before the cursor passes it. Nor does an alarm or patrol that the broker took while
// nobody had subscribed: it is offered until somebody hears it. Every wait for the other side ends
// by a deadline. All decisions about order and cursors are Forwarder's. I/O thread only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/link_diagnosis.hpp"
#include "upstream/batch_text.hpp"
#include "upstream/cloud_event.hpp"
#include "upstream/forwarder.hpp"
#include "upstream/link_breaker.hpp"
#include "upstream/outstanding.hpp"
#include "upstream/publisher.hpp"
#include "upstream/receipt_watch.hpp"
#include "upstream/reconnect_plan.hpp"
#include "upstream/refusal_book.hpp"
#include "upstream/second_chances.hpp"
#include "upstream/token_bucket.hpp"
#include "upstream/unheard_rounds.hpp"
#include "upstream/uplink_options.hpp"
#include "upstream/uplink_surroundings.hpp"

namespace watchpost::upstream {

class Uplink final : private PublisherEvents {
 public:
  using Surroundings = UplinkSurroundings;

  Uplink(Surroundings surroundings, UplinkOptions options, EventContext context,
         std::unique_ptr<Publisher> publisher);
  ~Uplink() override;

  void start();
  // Publishes nothing new, waits for acknowledgements under way, says offline and disconnects; at
  // the latest after `within` the link is dropped. `stopped` is called once, by posting.
  void stop(std::chrono::milliseconds within, std::function<void()> stopped);
  [[nodiscard]] UplinkStatus status() const;
  // Does what is due by the clock. Called by the uplink's own timer, and by tests with a clock.
  void check_deadlines();

 private:
  enum class Farewell : std::uint8_t { none, draining, saying_offline, closing };
  using Found = spool::LogReader::Found;

  // uplink.cpp: the life of the link, and what is due.
  void connected(const LinkTerms& terms) override;
  void link_lost(const client::LinkEnd& end) override;
  void disconnected() override;
  void connect();
  void enter(UplinkState state);
  void set_window();
  void wait_and_reconnect(const client::LinkEnd& end);
  void tell_link();
  [[nodiscard]] std::optional<client::SentItem> first_unanswered() const;
  [[nodiscard]] std::string topics_of(EventClass event_class) const;
  void say_farewell();
  void finish_stop();
  [[nodiscard]] std::optional<client::LinkEnd> overdue(SteadyTime now) const;
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  void arm_timer();

  // uplink_flow.cpp: from the log to the broker.
  void committed(const spool::Heads& heads);
  void pump();
  void pump_soon();
  void pump_once();
  void ask_log();
  void note_read(const Found& answer);
  void send_records(SteadyTime now, Forwarder::Which which);
  [[nodiscard]] bool may_send() const;
  [[nodiscard]] bool may_flow(SteadyTime now);
  [[nodiscard]] bool has_bytes_free() const;
  void publish(const Forwarder::Next& next, SteadyTime now);
  std::size_t fill(Publication& publication, const Record& first, SteadyTime now);
  [[nodiscard]] bool may_risk(const Forwarder::Next& next);
  void publish_state(LinkState state);
  void offer_again(SteadyTime now);
  void ask_for_set_aside();
  void offer_unheard(SteadyTime now);
  void ask_for_unheard();
  void send_by_itself(const Record& record, PublishToken token, SteadyTime now);
  void save_cursors(SteadyTime now);

  // uplink_custody.cpp: what the other side says, and what becomes of the record.
  void acknowledged(PublishToken token, ReasonCode code) override;
  void settle(PublishToken token, ReasonCode code);
  void subscribed(ReasonCode code) override;
  void message_arrived(const std::string& topic, const std::string& payload) override;
  void refuse(PublishToken token, const Refusal& refusal);
  void settle_offer(ReasonCode code);
  void tell_unheard();
  [[nodiscard]] std::optional<Trouble> trouble_of_unheard() const;
  [[nodiscard]] std::uint64_t backlog(EventClass event_class) const;
  void read_condemned();
  void set_aside(const Lane::Condemned& condemned, Found answer);
  void hear(const Receipt& receipt);
  void watch_receipts(SteadyTime now);
  void confirmed(EventClass event_class);
  void complain_of_receipts(const std::string& sentence);
  [[nodiscard]] bool by_receipt(EventClass event_class) const;
  // Calls `then` with what was read, unless the uplink is gone by then.
  void read(const spool::ReadRequest& request, std::function<void(Uplink&, Found)> then);

  Surroundings around_;
  UplinkOptions options_;
  EventContext context_;
  std::unique_ptr<Publisher> publisher_;
  BatchText batch_;
  Forwarder forwarder_;
  ReconnectPlan reconnect_;
  RefusalBook refusals_;
  ReceiptWatch receipts_;
  SecondChances second_chances_;
  UnheardRounds unheard_;
  TokenBucket rate_;
  Outstanding outstanding_;
  LinkPace pace_;
  LinkBreaker breaker_;
  client::LinkDiagnosis diagnosis_;
  bool has_answered_ = false;  // anything on this link
  UplinkState state_ = UplinkState::waiting;
  SteadyTime since_{};
  LinkTerms terms_;
  LinkNews news_;  // as last said on this link
  PublishToken state_token_;
  PublishToken subscription_token_;
  bool state_is_old_ = false;  // to be said again
  SteadyTime flows_from_{};    // all but alarms
  std::optional<SteadyTime> attempt_at_, reads_at_, stop_at_, armed_for_;
  Farewell farewell_ = Farewell::none;
  std::function<void()> stopped_;
  UplinkTroubles troubles_;
  UplinkCounts counts_;
  struct {
    bool now, again, is_posted;
  } pumping_{};
  std::shared_ptr<Uplink*> self_;  // what the spool and the reader hold; gone with us
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::upstream
