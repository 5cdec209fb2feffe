// MemorySpool: a Spool without a disk for tests of who uses it. Appends wait until commit() or
// fail().
#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include "spool/queue/batch.hpp"

namespace watchpost::support {

class MemorySpool final : public spool::Spool {
 public:
  void append(spool::Append append) override { waiting.push_back(std::move(append)); }
  [[nodiscard]] bool accepting() const override { return is_accepting; }
  void when_accepting(std::function<void()> resume) override {
    resumes.push_back(std::move(resume));
  }
  void advance(const std::string& upstream, EventClass event_class, Seq settled) override {
    cursors[upstream][index_of(event_class)] = settled;
  }
  [[nodiscard]] Seq cursor(const std::string& upstream, EventClass event_class) const override {
    const auto known = cursors.find(upstream);
    return known == cursors.end() ? Seq{} : known->second[index_of(event_class)];
  }
  [[nodiscard]] bool set_aside(const std::string& upstream, const Record& record,
                               std::uint8_t reason_code) override {
    copies.push_back({upstream, record, reason_code});
    return true;
  }
  void take_back(const std::string& upstream, std::uint64_t set_aside_id) override {
    taken_back.push_back({upstream, set_aside_id});
  }
  void report_lost(EventClass event_class, Seq first, Seq last) override {
    losses.push_back({event_class, first, last});
  }
  [[nodiscard]] const Epoch& epoch() const override { return epoch_; }
  [[nodiscard]] spool::Heads heads() const override { return heads_; }
  [[nodiscard]] std::uint64_t stored_after(EventClass event_class, Seq after) const override {
    return static_cast<std::uint64_t>(
        std::count_if(committed.begin(), committed.end(), [&](const Record& record) {
          return record.event_class == event_class && record.seq > after;
        }));
  }
  void on_committed(std::function<void(const spool::Heads&)> observer) override {
    observers_.push_back(std::move(observer));
  }
  [[nodiscard]] spool::SpoolStatus status() const override {
    spool::SpoolStatus status;
    status.epoch = epoch_;
    status.heads = heads_;
    status.waiting = ByteCount{waiting.size()};  // each append counts as one
    return status;
  }
  [[nodiscard]] const std::vector<StoredSession>& stored_sessions() const override {
    return sessions;
  }

  // The commit of all that waits.
  void commit() {
    for (spool::Append& append : std::exchange(waiting, {})) {
      for (Record& record : append.records) {
        record.epoch = epoch_;
        record.seq = ++heads_.newest[index_of(record.event_class)];
        committed.push_back(std::move(record));
      }
      append.ticket.settle({});
    }
    for (const auto& observer : observers_) observer(heads_);
  }
  void fail(const Failure& failure) {
    for (const spool::Append& append : std::exchange(waiting, {})) append.ticket.settle(failure);
  }

  std::vector<spool::Append> waiting;
  std::vector<Record> committed;
  std::vector<StoredSession> sessions;
  std::map<std::string, PerClass<Seq>> cursors;
  std::vector<spool::SetAsideCopy> copies;
  std::vector<spool::TakeBack> taken_back;
  std::vector<spool::Loss> losses;
  std::vector<std::function<void()>> resumes;
  bool is_accepting = true;

 private:
  Epoch epoch_ = "00c0ffee";
  spool::Heads heads_;
  std::vector<std::function<void(const spool::Heads&)>> observers_;
};

}  // namespace watchpost::support
