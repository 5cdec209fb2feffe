// CertificateNews: makes records of how long the certificates of this box's ports still hold, so
// that whoever keeps the boxes hears of it upstream before clients can no longer connect.
// Promise: each word is handed over until it is committed, or until a later word of the same file
// takes its place. Nothing is said in the name of a clock that is certainly wrong: the caller gives
// no word then. I/O thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "pipeline/own_ticket.hpp"
#include "spool/spool.hpp"

namespace watchpost::pipeline {

struct CertificateWord {
  enum class Reason : std::uint8_t {
    ends,     // within 60, 30 or 7 days, said once at each
    over,     // it holds no longer
    renewed,  // after one of the two: the new one holds for more than 60 days
  };
  Reason reason = Reason::ends;
  std::string file;       // as in the settings
  std::string last_day;   // of the certificate that clients are shown: "2027-03-31", UTC
  std::int64_t days = 0;  // until it ends; below 0: since it ended
};

class CertificateNews {
 public:
  // `spool` and `clock` outlive it.
  CertificateNews(spool::Spool& spool, const Clock& clock);
  ~CertificateNews();
  CertificateNews(const CertificateNews&) = delete;
  CertificateNews& operator=(const CertificateNews&) = delete;

  void say(CertificateWord word);
  // Called once a second: tries again what was not kept.
  void look();

 private:
  void hand_over();
  void settled(const Result<void>& outcome);

  spool::Spool& spool_;
  const Clock& clock_;
  std::deque<CertificateWord> words_;  // at most one for each file beside the one handed over
  bool is_out_ = false;                // the first is handed over, not settled yet
  std::uint64_t handed_over_ = 0;
  std::shared_ptr<OwnTicket> ticket_;
};

}  // namespace watchpost::pipeline
