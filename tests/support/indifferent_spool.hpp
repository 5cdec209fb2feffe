// IndifferentSpool: a Spool that takes everything and tells nothing, as the base of fakes that care
// for a part of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "spool/spool.hpp"

namespace watchpost::support {

class IndifferentSpool : public spool::Spool {
 public:
  void append(spool::Append) override {}
  [[nodiscard]] bool accepting() const override { return true; }
  void when_accepting(std::function<void()>) override {}
  [[nodiscard]] bool set_aside(const std::string&, const Record&, std::uint8_t) override {
    return true;
  }
  void take_back(const std::string&, std::uint64_t) override {}
  void report_lost(EventClass, Seq, Seq) override {}
  [[nodiscard]] std::uint64_t stored_after(EventClass, Seq) const override { return 0; }
  [[nodiscard]] spool::SpoolStatus status() const override { return {}; }
};

}  // namespace watchpost::support
