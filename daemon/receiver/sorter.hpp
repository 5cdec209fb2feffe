// Sorter: gives each number of a hole to what explains it, or to what is missing or on its way.
// Promise: what a gateway gave up explains more than what never came, since its notice may arrive
// after the receiver stopped waiting. Holes come in order. Pure; one thread at a time.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "receiver/auditor.hpp"

namespace watchpost::receiver {

class Sorter {
 public:
  // An unexplained number is on its way where it is not below `from`, lies behind `behind` and is
  // below `before`; else it is missing. `from` 0: nobody said, so all are missing.
  struct Sent {
    Seq from;
    Seq behind;
    Seq before{~std::uint64_t{0}};
  };

  Sorter(StreamAudit& audit, std::vector<Explanation> explanations, Sent sent)
      : audit_(audit), sent_(sent) {
    std::sort(explanations.begin(), explanations.end(),
              [](const auto& a, const auto& b) { return a.range.first < b.range.first; });
    for (Explanation& one : explanations) {
      (one.given_up ? given_up_ : never_came_).list.push_back(std::move(one));
    }
  }

  void hole(const SeqRange& hole) {
    part(given_up_, hole, [this](const SeqRange& rest) {
      part(never_came_, rest, [this](const SeqRange& left) { unexplained(left); });
    });
  }
  [[nodiscard]] std::optional<Seq> first_lack() const { return first_lack_; }

 private:
  struct Explanations {
    std::vector<Explanation> list;  // by begin
    std::size_t next = 0;           // what is before it ended before the present hole
  };

  template <class Rest>
  void part(Explanations& from, SeqRange hole, const Rest& rest) {
    const auto& list = from.list;
    while (hole.first <= hole.last) {
      while (from.next < list.size() && list[from.next].range.last < hole.first) ++from.next;
      const auto found =
          std::find_if(list.begin() + static_cast<std::ptrdiff_t>(from.next), list.end(),
                       [&](const Explanation& one) { return one.range.last >= hole.first; });
      if (found == list.end() || found->range.first > hole.last) return rest(hole);
      if (found->range.first > hole.first) {
        rest({hole.first, Seq{found->range.first.value - 1}});
        hole.first = found->range.first;
      }
      const SeqRange covered{hole.first, std::min(hole.last, found->range.last)};
      explained(covered, *found);
      hole.first = covered.last.next();
    }
  }
  void explained(const SeqRange& range, const Explanation& by) {
    if (by.given_up) {
      audit_.given_up.add(range, by.why);
    } else if (by.why == "before") {
      audit_.before.add(range, "sent before this receiver began");
    } else {
      lacks(range, "acknowledged by the broker, never received");
    }
  }
  void unexplained(const SeqRange& hole) {
    if (hole.first < sent_.before && hole.last >= sent_.before) {
      unexplained({hole.first, Seq{sent_.before.value - 1}});
      return lacks({sent_.before, hole.last}, "never received");
    }
    const bool none_sent = sent_.from == Seq{} || hole.first >= sent_.before;
    const Seq from = none_sent ? hole.last.next() : std::max(sent_.from, sent_.behind.next());
    if (hole.first < from) {
      lacks({hole.first, std::min(hole.last, Seq{from.value - 1})}, "never received");
    }
    if (hole.last < from) return;
    const SeqRange waiting{std::max(hole.first, from), hole.last};
    audit_.waiting.add(waiting, "the gateway still keeps them");
    if (!first_lack_) first_lack_ = waiting.first;
  }
  void lacks(const SeqRange& range, std::string_view why) {
    audit_.missing.add(range, why);
    if (!first_lack_) first_lack_ = range.first;
  }

  StreamAudit& audit_;
  Sent sent_;
  Explanations given_up_, never_came_;
  std::optional<Seq> first_lack_;
};

}  // namespace watchpost::receiver
