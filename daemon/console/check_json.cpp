#include "console/check_json.hpp"

#include <boost/json.hpp>

namespace watchpost::console {
namespace {

namespace json = boost::json;

json::object to_json(const spool::CheckReport& report) {
  json::object tables;
  for (const auto& [table, rows] : report.rows) tables[table] = rows;
  json::array findings;
  for (const spool::Finding& finding : report.findings) {
    json::object told{{"what", finding.what}, {"remedy", finding.remedy}};
    if (!finding.what_zh.empty()) told["what_zh"] = finding.what_zh;
    if (!finding.remedy_zh.empty()) told["remedy_zh"] = finding.remedy_zh;
    findings.push_back(std::move(told));
  }
  return {{"tables", std::move(tables)},
          {"pages_checked", report.pages_checked},
          {"finding_count", report.finding_count},
          {"findings", std::move(findings)}};
}

}  // namespace

std::string check_json(const Result<LiveCheck::Progress>& progress) {
  if (!progress) return json::serialize(json::object{{"error", progress.error().sentence()}});
  if (!progress->complete) {
    return json::serialize(json::object{{"rows", progress->report.all_rows()}});
  }
  return json::serialize(json::object{{"report", to_json(progress->report)}});
}

}  // namespace watchpost::console
