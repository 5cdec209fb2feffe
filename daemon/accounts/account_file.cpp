#include "accounts/account_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "model/trouble.hpp"

namespace watchpost::accounts {
namespace {

std::shared_ptr<const Trouble> at_place(std::string place) {
  return std::make_shared<const Trouble>(
      trouble<TroubleCode::file_mistake>(arg<"place">(std::move(place))));
}

}  // namespace

Result<std::string> read_account_file(const std::filesystem::path& file,
                                      const AccountFileKind& kind) {
  const std::string name = file.string();
  std::ifstream stream(file, std::ios::binary);
  std::string text(kLargestAccountFile + 1, '\0');
  if (stream) stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream && !stream.eof()) {
    Failure failure =
        in_both(Failure::Kind::environment,
                English{fmt::format("the {} {} cannot be read", kind.english, name),
                        fmt::format("{} and let the service's user read it", kind.how_made)},
                Chinese{fmt::format("读不到{} {}", kind.chinese, name),
                        fmt::format("{}，并让服务的用户有权读取", kind.how_made_chinese)});
    failure.trouble = at_place(name);
    return failure;
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kLargestAccountFile) {
    Failure failure =
        in_both(Failure::Kind::invalid_input,
                English{fmt::format("the {} {} is larger than 1 MiB", kind.english, name),
                        "Name the right file"},
                Chinese{fmt::format("{} {} 大于 1 MiB", kind.chinese, name), "请指定正确的文件"});
    failure.trouble = at_place(name);
    return failure;
  }
  return text;
}

Failure mistake_in_line(const LineMistake& mistake) {
  const auto place = fmt::format("{}:{}", mistake.file, mistake.line);
  Failure failure =
      in_both(Failure::Kind::invalid_input,
              English{fmt::format("{}: {}", place, mistake.what.english), mistake.next.english},
              Chinese{fmt::format("{}：{}", place, mistake.what.chinese), mistake.next.chinese});
  failure.trouble = at_place(place);
  return failure;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace watchpost::accounts
