// FakeSpool: in memory, what a real spool does for one upstream named "street". Answers are posted.
// FakeSpool passes the contract of a Spool (tests/contract/spool_contract_test.cpp).
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/relay.hpp"
#include "spool/log_reader.hpp"
#include "spool/queue/commit_group.hpp"
#include "support/catch.hpp"
#include "support/memory_spool.hpp"
#include "support/upstream_records.hpp"

namespace watchpost::upstream_test {

class FakeSpool final : public support::MemorySpool, public spool::LogReader {
 public:
  explicit FakeSpool(boost::asio::io_context& io) : MemorySpool("7f3a0001"), io_(io) {}

  using MemorySpool::commit;
  void commit(EventClass event_class, std::uint64_t count = 1) {
    for (std::uint64_t i = 0; i < count; ++i) {
      auto& seq = heads_.newest[index_of(event_class)];
      ++seq;
      Record record = a_record(event_class, seq.value);
      record.epoch = epoch();
      record.device = device;
      if (!relayed_topic.empty()) {
        record.topic = relayed_topic;
        record.type = RecordType::relayed;
        record.annotation = annotation_of({"", "", Seq{1}});
        relayed_[index_of(event_class)] = Seq{1};
      }
      committed.push_back(std::move(record));
    }
    tell_observers();
  }
  void read(const spool::ReadRequest& request, Answer answer) override {
    std::vector<SharedRecord> records;
    for (const auto& record : committed) {
      const bool asked = record.event_class == request.event_class && record.seq > request.after;
      if (asked && records.size() < request.most_records) {
        records.push_back(std::make_shared<const Record>(record));
      }
    }
    Found result = std::move(records);
    if (fail_reads > 0) {
      --fail_reads;
      result = Failure{Failure::Kind::storage, "the disk hums", "Look at it"};
    }
    boost::asio::post(io_, [result = std::move(result), answer = std::move(answer)]() mutable {
      answer(std::move(result));
    });
  }
  void advance(const std::string& upstream, EventClass event_class, Seq cursor) override {
    REQUIRE(upstream == "street");
    MemorySpool::advance(upstream, event_class, cursor);
  }
  [[nodiscard]] bool set_aside(const std::string& upstream, const Record& record,
                               std::uint8_t reason_code) override {
    REQUIRE(upstream == "street");
    if (aside.size() >= room_aside) return false;
    ++last_aside_;
    aside[last_aside_] = {last_aside_, reason_code, record};
    return true;
  }
  void take_back(const std::string& upstream, std::uint64_t id) override {
    REQUIRE(upstream == "street");
    REQUIRE(aside.erase(id) == 1);
  }
  void read_set_aside(const std::string&, std::uint64_t after, SetAsideAnswer answer) override {
    std::vector<spool::SetAside> page;
    for (auto it = aside.upper_bound(after); it != aside.end() && page.size() < 2; ++it) {
      page.push_back(it->second);
    }
    boost::asio::post(io_, [page = std::move(page), answer = std::move(answer)]() mutable {
      answer(std::move(page));
    });
  }
  [[nodiscard]] spool::SpoolStatus status() const override {
    spool::SpoolStatus status = MemorySpool::status();
    status.first.fill(Seq{1});
    status.relayed = relayed_;
    for (const auto& [id, each] : aside) {
      ++status.set_aside["street"].records[index_of(each.record.event_class)];
    }
    return status;
  }
  // Drops the records of a class up to and with `last`, as if to make room.
  void forget(EventClass event_class, Seq last) {
    std::erase_if(committed, [&](const Record& record) {
      return record.event_class == event_class && record.seq <= last;
    });
  }
  // Skips `count` numbers, which then do not exist.
  void hole(EventClass event_class, std::uint64_t count) {
    heads_.newest[index_of(event_class)].value += count;
  }

  int fail_reads = 0;
  std::string device = "smoke-3f-07";  // device of the next records
  std::string relayed_topic;           // of the next records; not empty: they are another gateway's
  std::map<std::uint64_t, spool::SetAside> aside;
  std::size_t room_aside = 1'000;

 private:
  boost::asio::io_context& io_;
  std::uint64_t last_aside_ = 0;
  PerClass<Seq> relayed_{};
};

}  // namespace watchpost::upstream_test
