#include "cli/verify/verify_page.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "base/json_members.hpp"
#include "cli/status_json.hpp"
#include "cli/status_text.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

spool::CheckReport report_from(const json::object& told) {
  spool::CheckReport report;
  if (const auto* const tables = object_in(told, "tables")) {
    for (const auto& [table, rows] : *tables) report.rows[table] = count_in(*tables, table);
  }
  report.finding_count = count_in(told, "finding_count");
  for (const json::value& finding : list(told, "findings")) {
    if (!finding.is_object()) continue;
    report.findings.push_back(
        {text(finding.get_object(), "what"), text(finding.get_object(), "remedy"),
         text(finding.get_object(), "what_zh"), text(finding.get_object(), "remedy_zh")});
  }
  return report;
}

struct TableName {
  std::string_view table, english, chinese;
};
constexpr std::array kTableNames{
    TableName{"cursor", "cursors", "上传位置"},
    TableName{"drop_ledger", "dropped ranges", "删除区间"},
    TableName{"set_aside", "refused records", "被拒记录"},
    TableName{"session", "sessions", "会话"},
    TableName{"session_packet_id", "Packet Identifiers", "报文标识符"},
    TableName{"store", "epochs", "epoch"},
};

// The name of a table that people know; a table without one is called by its own name.
std::string words_for(const std::string& table, Language language) {
  const bool english = language == Language::english;
  if (table.starts_with("log_")) return table.substr(4) + (english ? " records" : " 记录");
  for (const TableName& name : kTableNames) {
    if (name.table == table) return std::string(english ? name.english : name.chinese);
  }
  return (english ? "rows of " : "行数 ") + table;
}

enum class Remedies { shown, left_out };

std::string page_of(const spool::CheckReport& report, Language language, Remedies remedies) {
  StatusText page(language, 0);
  page.line({"Looked at", "检查了"});
  const auto line = [&page](std::string_view name, const auto& count) {
    page.add(fmt::format("  {} {}", padded(name, 22), count));
  };
  for (const auto& [table, rows] : report.rows) line(words_for(table, language), rows);
  const bool english = language == Language::english;
  if (report.pages_checked) {
    line(english ? "pages of the file" : "文件的页", english ? "all" : "全部");
  } else {
    line(english ? "pages of the file" : "文件的页",
         english ? "not, a daemon is asked: use --store for it"
                 : "没有，因为问的是运行中的服务：请用 --store");
  }
  if (report.finding_count == 0) {
    page.line({"Nothing is wrong.", "没有问题。"});
    return page.take();
  }
  page.line({"{} found:", "发现 {} 处："}, report.finding_count);
  for (const spool::Finding& finding : report.findings) {
    page.add("! " + (english || finding.what_zh.empty() ? finding.what : finding.what_zh));
    if (remedies == Remedies::shown)
      page.add("  → " +
               (english || finding.remedy_zh.empty() ? finding.remedy : finding.remedy_zh));
  }
  if (report.findings.size() < report.finding_count) {
    page.line({"and {} more", "还有 {} 处"}, report.finding_count - report.findings.size());
  }
  return page.take();
}

}  // namespace

std::string verify_page(const spool::CheckReport& report, Language language) {
  return page_of(report, language, Remedies::shown);
}

std::string copy_page(const spool::CheckReport& report, Language language) {
  return page_of(report, language, Remedies::left_out);
}

Result<CheckNews> check_news_from(std::string_view line) {
  boost::system::error_code error;
  const json::value parsed = json::parse(line, error);
  if (error || !parsed.is_object()) {
    return in_both(Failure::Kind::invalid_input,
                   English{"The daemon's answer is not understood",
                           "Use the watchpost that was installed with the daemon"},
                   Chinese{"看不懂服务的应答", "请使用与服务一同安装的 watchpost"});
  }
  const json::object& told = parsed.get_object();
  if (told.contains("error")) {
    return Failure{Failure::Kind::unavailable, text(told, "error"), {}};
  }
  CheckNews news;
  news.rows = count_in(told, "rows");
  if (const auto* const report = object_in(told, "report")) news.report = report_from(*report);
  return news;
}

}  // namespace watchpost::cli
