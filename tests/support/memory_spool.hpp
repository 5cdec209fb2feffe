// MemorySpool: a Spool without a disk, for tests of code that uses a Spool. Appends wait until
// commit() or fail(). MemorySpool passes the contract of a Spool
// (tests/contract/spool_contract_test.cpp).
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "spool/queue/commit_group.hpp"

namespace watchpost::support {

class MemorySpool : public spool::Spool {
 public:
  explicit MemorySpool(Epoch epoch = "00c0ffee") : epoch_(std::move(epoch)) {}

  void append(spool::Append append) override { waiting.push_back(std::move(append)); }
  [[nodiscard]] bool accepting() const override { return is_accepting; }
  void when_accepting(std::function<void()> resume) override {
    resumes.push_back(std::move(resume));
  }
  void advance(const std::string& upstream, EventClass event_class, Seq cursor) override {
    Seq& known = cursors[upstream][index_of(event_class)];
    known = std::max(known, cursor);
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
  void report_lost(EventClass event_class, SeqRange numbers) override {
    losses.push_back({event_class, numbers.first, numbers.last});
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
    for (const spool::SetAsideCopy& copy : copies) {
      ++status.set_aside[copy.upstream].records[index_of(copy.record.event_class)];
    }
    return status;
  }
  [[nodiscard]] const StoredFacts& stored_facts() const override { return facts; }

  // Commits all waiting appends.
  void commit() {
    const spool::Heads before = heads_;
    for (spool::Append& append : std::exchange(waiting, {})) {
      refuse_what_rests(append);
      if (append.refusal) {
        refuse(append, *append.refusal);
        continue;
      }
      for (Record& record : append.records) {
        record.epoch = epoch_;
        record.seq = ++heads_.newest[index_of(record.event_class)];
      }
      tell(append, {});
      for (Record& record : append.records) committed.push_back(std::move(record));
    }
    if (heads_.newest != before.newest) tell_observers();
    if (!is_accepting) return;
    for (const auto& resume : std::exchange(resumes, {})) resume();
  }
  void fail(const Failure& failure) {
    for (const spool::Append& append : std::exchange(waiting, {})) refuse(append, failure);
  }
  // Only the oldest, as where there is no room for it.
  void fail_first(const Failure& failure) {
    const spool::Append first = std::move(waiting.front());
    waiting.erase(waiting.begin());
    refuse(first, failure);
  }

  std::vector<spool::Append> waiting;
  std::vector<Record> committed;
  StoredFacts facts;
  std::map<std::string, PerClass<Seq>> cursors;
  std::vector<spool::SetAsideCopy> copies;
  std::vector<spool::TakeBack> taken_back;
  std::vector<spool::Loss> losses;
  std::vector<std::function<void()>> resumes;
  bool is_accepting = true;

 protected:
  void tell_observers() {
    for (const auto& observer : observers_) observer(heads_);
  }
  spool::Heads heads_;

 private:
  void refuse_what_rests(spool::Append& append) const {
    if (append.refusal || !append.steps || append.steps->settled >= failed_) return;
    append.refusal = std::make_shared<const Failure>(
        Failure{Failure::Kind::unavailable, "What it rests on was not kept", "Send it again"});
  }
  void refuse(const spool::Append& append, const Failure& failure) {
    if (append.steps) failed_ = std::max(failed_, append.steps->last);
    tell(append, failure);
  }
  static void tell(const spool::Append& append, const Result<void>& outcome) {
    if (append.author) append.author->settled(append, outcome);
    append.ticket.settle(outcome);
  }

  Epoch epoch_;
  StepNumber failed_{};  // the newest step of judgement that was not kept
  std::vector<std::function<void(const spool::Heads&)>> observers_;
};

}  // namespace watchpost::support
