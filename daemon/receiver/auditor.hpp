// Auditor: one audit at work, in one reading transaction. See audit.hpp. The command's thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "receiver/audit.hpp"
#include "receiver/epoch_tree.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

// What explains that a number is not there; several may overlap.
struct Explanation {
  SeqRange range;
  std::string why;
  bool given_up = false;
};

class Auditor {
 public:
  explicit Auditor(sqlite::Database database) : database_(std::move(database)) {}

  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<Audit> run(const std::filesystem::path& file, const AuditQuestion& question);

 private:
  struct Gateway {
    std::int64_t id = 0;
    GatewaySeen seen;
    Epoch previous;                       // the one before its present epoch, as far as seen
    PerClass<Seq> first{}, oldest{};      // as it last said, of its present epoch
    const GatewayHeads* heads = nullptr;  // what it says otherwise
    PerClass<bool> heads_compared{};      // with a stream of theirs
    EpochTree tree;
    std::map<Epoch, PerClass<Seq>> goes_on;  // behind which epochs its present one is, and where
    std::vector<std::set<Epoch>> replaced;   // for each branch, the epochs of its older life
  };
  // The stream in which the numbers of another go on.
  struct Behind {
    std::int64_t id = 0;
    Seq begins;
  };
  struct StreamRow {
    std::int64_t id = 0;
    Seq said_contiguous;
    Seq highest;
    StreamAudit audit;
  };

  [[nodiscard]] Result<std::vector<Gateway>> gateways(const AuditQuestion& question);
  [[nodiscard]] Result<void> look(Gateway& gateway, Audit& audit);
  [[nodiscard]] Result<void> branches(Gateway& gateway);
  [[nodiscard]] Result<std::optional<StreamRow>> next_stream();
  [[nodiscard]] Result<void> read_epochs(Gateway& gateway);
  [[nodiscard]] Result<void> look(Gateway& gateway, StreamRow& row);
  [[nodiscard]] Result<std::optional<Behind>> behind(const Gateway& gateway, const StreamRow& row);
  [[nodiscard]] Result<Seq> expected_of(Gateway& gateway, const StreamRow& row,
                                        const std::optional<Behind>& next);
  [[nodiscard]] static bool is_present_line(const Gateway& gateway, const Epoch& epoch);
  [[nodiscard]] static Seq still_sent_before(const Gateway& gateway, const StreamRow& row);
  static void note_replaced(Gateway& gateway, const StreamRow& row);
  [[nodiscard]] Result<void> count_damaged(StreamRow& row);
  [[nodiscard]] Result<void> explain(std::int64_t stream, std::vector<Explanation>& explanations);
  static void add_what_was_never_heard(const Gateway& gateway, Audit& audit);
  static void add(StreamAudit stream, Audit& audit);
  [[nodiscard]] Result<void> check(Audit& audit, bool pages);
  [[nodiscard]] Failure never_heard(const std::filesystem::path& file,
                                    const AuditQuestion& question);

  sqlite::Database database_;
  sqlite::Statement gateways_, streams_, sequences_, gaps_, missing_, quick_check_;
  sqlite::Statement first_after_, conflicts_, branches_, damaged_, streams_behind_, epochs_;
};

}  // namespace watchpost::receiver
