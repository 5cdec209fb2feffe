#include "decode/tag_keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <set>

#include "base/encoding.hpp"
#include "decode/toml_reading.hpp"
#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

namespace json = boost::json;

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
constexpr std::size_t kMostForAll = 8;  // tables without a UID: each is tried for each tap
constexpr std::size_t kKeyDigits = 32;
constexpr std::size_t kUidDigits = 14;
constexpr std::size_t kMostInputDigits = 2 * (31 - 7);  // AN10922: 31 bytes with the UID
constexpr mode_t kForOthers = S_IWGRP | S_IXGRP | S_IRWXO;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Failure cannot_be_read(const std::string& file, int error) {
  const std::string why = std::strerror(error);
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("the file of tag keys {} cannot be read: {}", file, why),
              "Correct patrol.tag_keys, or let the service's user read the file: sudo chown "
              "root:watchpost and sudo chmod 640"},
      Chinese{fmt::format("读不到标签密钥文件 {}：{}", file, why),
              "请改正 patrol.tag_keys，或让服务的用户有权读取：sudo chown root:watchpost 并 "
              "sudo chmod 640"});
}

Failure is_open_to_others(const std::string& file, mode_t mode) {
  const auto bits = static_cast<unsigned>(mode & 0777);
  return in_both(
      Failure::Kind::refused,
      English{fmt::format(
                  "the file of tag keys {} has the mode {:04o}: others can read or change it, and "
                  "who has the keys can make visits up",
                  file, bits),
              fmt::format("sudo chmod 640 {}", file)},
      Chinese{fmt::format("标签密钥文件 {} 的权限是 {:04o}：别人能读或改，而拿到密钥就能伪造巡更",
                          file, bits),
              fmt::format("请执行 sudo chmod 640 {}", file)});
}

Failure is_of_another_user(const std::string& file, uid_t owner) {
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("the file of tag keys {} belongs to user number {}, who could change it",
                          file, owner),
              fmt::format("sudo chown root:watchpost {}", file)},
      Chinese{fmt::format("标签密钥文件 {} 属于编号为 {} 的用户，该用户可以改它", file, owner),
              fmt::format("请执行 sudo chown root:watchpost {}", file)});
}

Failure is_no_file(const std::string& file) {
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("{} (patrol.tag_keys) is no plain file, or is larger than 1 MiB", file),
              "Name the file that holds the tag keys"},
      Chinese{fmt::format("{}（patrol.tag_keys）不是普通文件，或大于 1 MiB", file),
              "请指定存放标签密钥的文件"});
}

// Looked at through the descriptor that is read, so that nobody changes the file in between.
Result<void> may_be_believed(const std::string& file, const Descriptor& descriptor) {
  struct stat found {};
  if (::fstat(descriptor.number(), &found) != 0) return cannot_be_read(file, errno);
  const bool is_small = static_cast<std::size_t>(found.st_size) <= kLargestFile;
  if (!S_ISREG(found.st_mode) || !is_small) return is_no_file(file);
  if (found.st_uid != 0 && found.st_uid != ::geteuid())
    return is_of_another_user(file, found.st_uid);
  if ((found.st_mode & kForOthers) != 0) return is_open_to_others(file, found.st_mode);
  return {};
}

struct Digits {
  std::string_view key;
  std::size_t least;
  std::size_t most;
};

// The value never stands in the message.
std::optional<std::string> digits(TableReader& table, Digits wanted) {
  const auto text = table.text(wanted.key);
  if (!text) return std::nullopt;
  if (from_hex(*text) && text->size() >= wanted.least && text->size() <= wanted.most) return text;
  const auto count = wanted.least == wanted.most
                         ? fmt::format("{}", wanted.least)
                         : fmt::format("{} to {}", wanted.least, wanted.most);
  table.fail(*table.node(wanted.key),
             {.what = fmt::format("\"{}\" is not {} hexadecimal digits", wanted.key, count),
              .remedy = "Write two digits (0-9, a-f) for each byte, without spaces",
              .chinese = fmt::format("\"{}\" 不是 {} 位十六进制数字。请每个字节写两位（0-9、a-f），"
                                     "不加空格",
                                     wanted.key, count)});
}

json::object entry_of(TableReader& table) {
  json::object entry;
  const auto put = [&](Digits wanted) {
    auto text = digits(table, wanted);
    if (text) entry[wanted.key] = *text;
    return text.has_value();
  };
  put({"uid", kUidDigits, kUidDigits});
  put({"meta", kKeyDigits, kKeyDigits});
  const bool has_file = put({"file", kKeyDigits, kKeyDigits});
  const bool has_master = put({"master", kKeyDigits, kKeyDigits});
  const bool has_input = put({"input", 2, kMostInputDigits});
  table.finish();
  if (has_file == has_master) {
    table.fail({.what = "a [[key]] needs either file or master",
                .remedy = "Write file = \"...\" for the key itself, master = \"...\" where the "
                          "tags' keys are made of it (AN10922)",
                .chinese = "每段 [[key]] 要有 file 或 master 之一。密钥本身写 file = "
                           "\"...\"；由主密钥分散时写 master = \"...\"（AN10922）"});
  }
  if (has_input && !has_master) {
    table.fail({.what = "input without a master key says nothing",
                .remedy = "Remove input, or write master instead of file",
                .chinese = "没有主密钥时 input 没有意义。请删掉 input，或把 file 改为 master"});
  }
  return entry;
}

void check_once(TableReader& table, const json::object& entry, std::set<std::string>& uids) {
  const auto* uid = entry.if_contains("uid");
  if (uid == nullptr) return;
  if (uids.insert(sdk::lower_case(std::string_view(uid->get_string()))).second) return;
  table.fail({.what = fmt::format("the tag {} has two [[key]] tables",
                                  std::string_view(uid->get_string())),
              .remedy = "Remove one of them",
              .chinese = fmt::format("标签 {} 写了两段 [[key]]。请删掉其中一段",
                                     std::string_view(uid->get_string()))});
}

json::array list_of(const toml::table& whole, const std::string& file) {
  TableReader root(whole, file);
  json::array list;
  std::set<std::string> uids;
  if (const auto* tables = root.array("key")) {
    for (const auto& each : *tables) {
      if (!each.is_table()) {
        root.fail(each, {.what = "\"key\" must be a list of tables",
                         .remedy = "Write [[key]]",
                         .chinese = "\"key\" 应是表的列表。请写成 [[key]]"});
      }
      TableReader table(*each.as_table(), file);
      auto entry = entry_of(table);
      check_once(table, entry, uids);
      list.emplace_back(std::move(entry));
    }
  }
  root.finish();
  if (list.empty()) {
    root.fail({.what = "no [[key]] in the file of tag keys",
               .remedy = "Write one for each tag, or one for all",
               .chinese = "标签密钥文件里没有 [[key]]。请为每个标签写一段，或为所有标签写一段"});
  }
  if (list.size() - uids.size() > kMostForAll) {
    root.fail({.what = "more than 8 [[key]] tables without a uid",
               .remedy = "Give the tags' tables their uid",
               .chinese = "没有 uid 的 [[key]] 超过 8 段。请给各标签的段写上 uid"});
  }
  return list;
}

}  // namespace

Result<std::string> load_tag_keys(const std::string& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (descriptor.number() < 0) return cannot_be_read(file, errno);
  if (auto believed = may_be_believed(file, descriptor); !believed) return believed.error();
  std::string text(kLargestFile + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(descriptor.number(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_be_read(file, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kLargestFile) return is_no_file(file);
  text.resize(size);
  return parse_tag_keys({file, std::move(text)});
}

Result<std::string> parse_tag_keys(const TagKeysText& text) {
  try {
    const auto table = toml::parse(text.toml, text.file);
    return json::serialize(list_of(table, text.file));
  } catch (const toml::parse_error& error) {
    // The parser's words may quote the line, and with it a key.
    const auto line = error.source().begin.line;
    return in_both(
        Failure::Kind::invalid_input,
        English{fmt::format("{}:{}: not valid TOML", text.file, line), "Correct this line"},
        Chinese{fmt::format("{}：第 {} 行不是正确的 TOML", text.file, line), "请改正这一行"});
  } catch (const StartupError& error) {
    return error.failure();
  }
}

}  // namespace watchpost::decode
