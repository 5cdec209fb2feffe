// OwnTicket: what a part of the pipeline that hands records of its own to the spool is told of
// their outcome. Promise: after forget() nobody is told: the spool may settle after that part is
// gone, and keeps the ticket alive until then. I/O thread only.
#pragma once

#include <functional>
#include <utility>

#include "model/custody.hpp"

namespace watchpost::pipeline {

class OwnTicket final : public CustodySink {
 public:
  using Told = std::function<void(const Result<void>&)>;

  explicit OwnTicket(Told told) : told_(std::move(told)) {}
  void settled(TicketNumber, const Result<void>& outcome) override {
    if (told_) told_(outcome);
  }
  void forget() { told_ = nullptr; }

 private:
  Told told_;
};

}  // namespace watchpost::pipeline
