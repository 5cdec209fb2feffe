#include "cli/named_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace watchpost::cli {
namespace {

Failure cannot_read(const std::string& file, const Phrase& why) {
  return in_both(
      Failure::Kind::not_found,
      English{fmt::format("{} cannot be read: {}", file, why.english),
              "Name a file that exists, has something in it, and may be read by this user"},
      Chinese{fmt::format("无法读取 {}：{}", file, why.chinese),
              "请指定一个存在、有内容、这个用户有权读取的文件"});
}

}  // namespace

Result<void> must_be_readable(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0 || ::access(file.c_str(), R_OK) != 0) {
    const std::string why = std::strerror(errno);
    return cannot_read(file, {why, why});
  }
  if (S_ISDIR(found.st_mode)) return cannot_read(file, {"it is a folder", "它是目录"});
  if (!S_ISREG(found.st_mode)) {
    return cannot_read(file, {"it is no regular file", "它不是普通文件"});
  }
  if (found.st_size == 0) return cannot_read(file, {"it is empty", "它是空的"});
  return {};
}

Result<std::string> content_of(const std::string& file) {
  if (auto readable = must_be_readable(file); !readable) return readable.error();
  std::ifstream stream(file);
  std::string content(std::istreambuf_iterator<char>(stream), {});
  if (stream.is_open() && !stream.bad()) return content;
  return cannot_read(file, {"reading it failed", "读取失败"});
}

}  // namespace watchpost::cli
