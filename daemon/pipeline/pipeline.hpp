// Pipeline: the one place where a message becomes records.
// Promise: a message and all it caused, the transitions of alarms included, are one append to the
// spool, but for rows that say only that something was heard, which go before it in an append of
// their own (decision 0055). The pipeline and its judgement learn whether it was kept before the
// sender does; what a person asks for and what time does are appends of their own. What no decoder
// reads is kept as received, marked and forwarded, never dropped, unless its topic is one of local
// traffic (local_traffic.hpp). I/O thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "decode/decoder.hpp"
#include "decode/local_traffic.hpp"
#include "pipeline/certificate_news.hpp"
#include "pipeline/clock_news.hpp"
#include "pipeline/intake.hpp"
#include "pipeline/judging.hpp"
#include "pipeline/outcomes.hpp"
#include "pipeline/record_maker.hpp"
#include "spool/spool.hpp"

namespace watchpost::pipeline {

// The part of decode::Registry that the pipeline uses; tests give the pipeline a decoder of their
// own.
class MessageDecoder {
 public:
  virtual ~MessageDecoder() = default;
  virtual decode::Decoding decode(const decode::Frame& frame) = 0;
  // See decode::Registry::not_kept.
  virtual void not_kept(const Remembered& /*remembered*/) {}
};

struct PipelineTotals {
  std::uint64_t messages = 0;
  std::uint64_t undecoded = 0;  // nothing is configured for their topic
  std::uint64_t malformed = 0;  // ours, but broken
  std::uint64_t ignored = 0;
  std::uint64_t local = 0;            // local traffic, of which no record was made
  std::uint64_t own = 0;              // refused: they came from outside under our own name
  PerClass<std::uint64_t> records{};  // committed
  std::uint64_t not_kept = 0;         // hand-overs that failed or were refused
};

class Pipeline final : public Intake {
 public:
  Pipeline(MessageDecoder& decoder, spool::Spool& spool, const Clock& clock);
  ~Pipeline() override;
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // What was remembered in an earlier life; before anything arrives.
  void recall(const std::vector<Remembered>& all);

  // Judgement goes on where `stored` ended; before anything arrives. Without it no alarm is known.
  void judge_on(const StoredJudgement& stored, rules::JudgementOptions options);

  // Before anything arrives; without it no topic is local.
  void set_local(decode::LocalTraffic local) { local_ = std::move(local); }
  // Also later, where the configuration was read again.
  void fix(std::shared_ptr<const Judging::FixedDevices> devices);

  // The rules of the site, also later.
  void use_rules(std::shared_ptr<const rules::Conditions::Rules> rules);
  void use(rules::SupervisionRules rules);
  void link(std::string_view broker, bool is_up);  // of a [[broker]], as it is now
  // What was observed before the start, in its order, before anything arrives; then
  // watch_silence().
  void recall(const rules::PastObservation& past);
  void watch_silence();
  [[nodiscard]] ClockReading clock_now() { return clock_news_.look(); }

  void submit(Message&& message, std::vector<Fact> facts, CustodyTicket ticket) override;
  void submit(std::vector<Fact> facts, CustodyTicket ticket) override;
  [[nodiscard]] bool accepting() const override { return spool_.accepting(); }
  void when_accepting(std::function<void()> resume) override {
    spool_.when_accepting(std::move(resume));
  }

  // Once a second, so that a change of the clock is reported also when no message arrives, news of
  // our own that the store did not take is handed over again, and time does to alarms what it does.
  void look_after_news();

  // Called once, with success only after the commit of all that the command did. What finds no
  // room in the store is answered at once, as not kept.
  using Answered = std::function<void(const CommandResult&)>;
  void obey(const Command& command, Answered answered);
  // A device is entered, or its name and place are edited; `by` stands on record.
  void enter(const Device& device, const Actor& by, Answered answered);
  // For those who show what is so.
  [[nodiscard]] const Judging& judging() const { return *judging_; }

  void say(CertificateWord word) { certificate_news_.say(std::move(word)); }
  // `tell`: the first message of a device that nothing can read. Once, before anything arrives.
  void on_unread(std::function<void(const Trouble&)> tell) { maker_.on_unread(std::move(tell)); }
  // `tell`: what the clock did. Once, before anything arrives.
  void on_clock(ClockNews::Tell tell) { clock_news_.on_word(std::move(tell)); }
  // `hear`: each message as it comes in, for those who wait for a device's answer; before its
  // commit, so nothing that people rely on may follow from it. Once, before anything arrives.
  void on_message(std::function<void(const Message&)> hear) { hear_ = std::move(hear); }
  // `tell`: something that judgement changed is on disk. It must return at once: senders wait for
  // their answer meanwhile. Once, before anything arrives.
  void on_judged(std::function<void()> tell) { judged_ = std::move(tell); }
  // `tell`: an event of another gateway is on disk. It must return at once.
  void on_relayed(std::function<void(const Record&)> tell) {
    outcomes_->on_relayed(std::move(tell));
  }
  // Who is waited for now, by what is on disk: see Judging.
  void for_each_waiting(const std::function<void(const Judging::Waiting&)>& see) {
    judging_->for_each_waiting(clock_news_.look(), see);
  }
  void use(EscalationRules rules) { judging_->use(std::move(rules)); }
  // What became of telling an output of alarms, or of its test; not kept where the store takes
  // nothing now.
  void told(const std::vector<ToldOf>& all);
  void output_tested(const rules::OutputTestEnd& end);
  [[nodiscard]] const DeviceRoll& devices() const { return maker_.devices(); }
  [[nodiscard]] const UnreadDevices& unread() const { return maker_.unread(); }
  [[nodiscard]] const Taps& taps() const { return maker_.taps(); }
  [[nodiscard]] const DangerProofs& proofs() const { return maker_.proofs(); }
  [[nodiscard]] PipelineTotals totals() const;

 private:
  void take_in(Message& message, bool is_list, RecordMaker::Made& made);
  void name_devices();
  void pass_time(const ClockReading& now);
  void settled(const spool::Append& append, bool is_kept);
  void hand_over(spool::Append append);
  void hand_over(spool::Append append, const CommandResult& result, Answered answered);
  MessageDecoder& decoder_;
  spool::Spool& spool_;
  decode::LocalTraffic local_;
  std::function<void(const Message&)> hear_;
  std::function<void()> judged_;
  ClockNews clock_news_;
  CertificateNews certificate_news_;
  RecordMaker maker_;
  std::unique_ptr<Judging> judging_;
  std::shared_ptr<const Judging::FixedDevices> fixed_;
  std::shared_ptr<const rules::Conditions::Rules> rules_;
  rules::SupervisionRules supervision_;
  PipelineTotals totals_;  // but for what `maker_` and `outcomes_` know
  std::shared_ptr<Outcomes> outcomes_ = std::make_shared<Outcomes>();
};

}  // namespace watchpost::pipeline
