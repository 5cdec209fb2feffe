#include "cli/verify/verify_page.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

#include "cli/status_json.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

// A member of an object that the daemon wrote; null where another version of the daemon does not
// write it.
const json::value& member(const json::object& object, std::string_view key) {
  static const json::value kNone;
  const json::value* value = object.if_contains(key);
  return value == nullptr ? kNone : *value;
}

std::uint64_t count_in(const json::object& object, std::string_view key) {
  boost::system::error_code error;
  const auto value = member(object, key).to_number<std::uint64_t>(error);
  return error ? 0 : value;
}

spool::CheckReport report_from(const json::object& told) {
  spool::CheckReport report;
  if (const auto* tables = member(told, "tables").if_object()) {
    for (const auto& [table, rows] : *tables) report.rows[table] = count_in(*tables, table);
  }
  report.finding_count = count_in(told, "finding_count");
  if (const auto* findings = member(told, "findings").if_array()) {
    for (const json::value& finding : *findings) {
      if (!finding.is_object()) continue;
      report.findings.push_back(
          {text(finding.get_object(), "what"), text(finding.get_object(), "remedy")});
    }
  }
  return report;
}

// The name of a table that people know; a table without one is called by its own name.
std::string words_for(const std::string& table) {
  if (table.starts_with("log_")) return table.substr(4) + " records";
  if (table == "cursor") return "cursors";
  if (table == "drop_ledger") return "dropped ranges";
  if (table == "set_aside") return "refused records";
  if (table == "session") return "sessions";
  if (table == "session_packet_id") return "Packet Identifiers";
  if (table == "store") return "epochs";
  return "rows of " + table;
}

}  // namespace

std::string verify_page(const spool::CheckReport& report) {
  std::string page = "Looked at\n";
  const auto line = [&page](std::string_view name, std::uint64_t count) {
    fmt::format_to(std::back_inserter(page), "  {:<22} {}\n", name, count);
  };
  for (const auto& [table, rows] : report.rows) line(words_for(table), rows);
  fmt::format_to(std::back_inserter(page), "  {:<22} {}\n", "pages of the file",
                 report.pages_checked ? "all" : "not, a daemon is asked: use --store for it");
  if (report.finding_count == 0) return page + "Nothing is wrong.\n";
  fmt::format_to(std::back_inserter(page), "{} found:\n", report.finding_count);
  for (const spool::Finding& finding : report.findings) {
    fmt::format_to(std::back_inserter(page), "! {}\n  → {}\n", finding.what, finding.remedy);
  }
  if (report.findings.size() < report.finding_count) {
    fmt::format_to(std::back_inserter(page), "and {} more\n",
                   report.finding_count - report.findings.size());
  }
  return page;
}

Result<CheckNews> check_news_from(std::string_view line) {
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  if (error || !parsed.is_object()) {
    return Failure{Failure::Kind::invalid_input, "The daemon's answer is not understood",
                   "Use the watchpost that was installed with the daemon"};
  }
  const json::object& told = parsed.get_object();
  if (told.contains("error")) {
    return Failure{Failure::Kind::unavailable, text(told, "error"), {}};
  }
  CheckNews news;
  news.rows = count_in(told, "rows");
  if (const auto* report = member(told, "report").if_object()) news.report = report_from(*report);
  return news;
}

}  // namespace watchpost::cli
