#include "cli/store_folder.hpp"

#include <boost/json.hpp>

#include "cli/local_client.hpp"

namespace watchpost::cli {

namespace json = boost::json;

Result<std::string> store_folder_of(const std::string& socket) {
  const auto status = LocalClient(socket).get("/v1/status");
  if (!status) {
    Failure failure = status.error();
    // Who may not talk to the daemon may not read its store either.
    if (failure.kind == Failure::Kind::environment) {
      return in_both(
          failure.kind, English{failure.what, "Run this with sudo"},
          Chinese{failure.chinese.substr(0, failure.chinese.find("。")), "请加 sudo 运行"});
    }
    failure.remedy = "Where the service is stopped, name its store: --store /var/lib/watchpost";
    return in_both(failure.kind, English{failure.what, failure.remedy},
                   Chinese{failure.chinese.substr(0, failure.chinese.find("。")),
                           "如果服务已停止，请写明它的数据目录：--store /var/lib/watchpost"});
  }
  boost::system::error_code error;
  const json::value parsed = json::parse(*status, error);
  const json::value* folder = error ? nullptr : parsed.find_pointer("/store/directory", error);
  if (folder == nullptr || !folder->is_string()) {
    return in_both(Failure::Kind::invalid_input,
                   English{"The daemon does not say where its store is",
                           "Name it: --store /var/lib/watchpost"},
                   Chinese{"服务没有说明它的数据目录在哪里", "请写明：--store /var/lib/watchpost"});
  }
  return std::string(folder->get_string());
}

}  // namespace watchpost::cli
