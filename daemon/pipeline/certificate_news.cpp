#include "pipeline/certificate_news.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/json_text.hpp"

namespace watchpost::pipeline {
namespace {

using Reason = CertificateWord::Reason;

std::string_view word_for(Reason reason) {
  switch (reason) {
    case Reason::ends:
      return "ends";
    case Reason::over:
      return "over";
    case Reason::renewed:
      return "renewed";
  }
  return {};
}

Record record_about(const CertificateWord& word, const ClockReading& now) {
  Record record;
  record.event_class = EventClass::status;
  record.domain = Domain::gateway;
  record.type = RecordType::certificate;
  record.severity_number = word.reason == Reason::renewed ? kSeverityInfo : kSeverityWarning;
  record.clock = now.quality;
  record.received_at = now.wall;
  record.annotation = fmt::format(R"({{"reason":"{}","file":)", word_for(word.reason));
  append_json_string(record.annotation, word.file);
  fmt::format_to(std::back_inserter(record.annotation), R"(,"last_day":"{}","days":{}}})",
                 word.last_day, word.days);
  return record;
}

}  // namespace

CertificateNews::CertificateNews(spool::Spool& spool, const Clock& clock)
    : spool_(spool),
      clock_(clock),
      ticket_(std::make_shared<OwnTicket>([this](const auto& outcome) { settled(outcome); })) {}

CertificateNews::~CertificateNews() {
  ticket_->forget();
}

void CertificateNews::say(CertificateWord word) {
  const auto waiting = words_.begin() + (is_out_ ? 1 : 0);
  const auto same = std::find_if(waiting, words_.end(),
                                 [&word](const auto& other) { return other.file == word.file; });
  if (same != words_.end()) words_.erase(same);
  words_.push_back(std::move(word));
  if (!is_out_) hand_over();
}

void CertificateNews::look() {
  if (!is_out_ && !words_.empty()) hand_over();
}

void CertificateNews::hand_over() {
  is_out_ = true;
  spool::Append append;
  append.records.push_back(record_about(words_.front(), read_clock(clock_)));
  append.ticket = CustodyTicket{ticket_, TicketNumber{++handed_over_}};
  spool_.append(std::move(append));
}

void CertificateNews::settled(const Result<void>& outcome) {
  is_out_ = false;
  if (!outcome) return;  // again with the next look
  words_.pop_front();
  if (!words_.empty()) hand_over();
}

}  // namespace watchpost::pipeline
