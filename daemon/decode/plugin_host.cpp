#include "decode/plugin_host.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace watchpost::decode {
namespace {

Failure refused(Complaint complaint) {
  return Failure{Failure::Kind::refused, std::move(complaint.what), std::move(complaint.remedy),
                 nullptr, std::move(complaint.chinese)};
}

Result<void> check_ownership(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) {
    return Failure{Failure::Kind::not_found,
                   "the decoder " + file + " cannot be read: " + std::strerror(errno),
                   "Correct the path in the configuration, or install the file", nullptr,
                   "读不到解码器 " + file + "（" + std::strerror(errno) +
                       "）。请改正配置中的路径，或安装该文件"};
  }
  if (!S_ISREG(facts.st_mode)) {
    return refused({.what = "the decoder " + file + " is not a file",
                    .remedy = "Name the shared object itself",
                    .chinese = "解码器 " + file + " 不是文件。请写共享库本身的路径"});
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return refused(
        {.what = "the decoder " + file + " may be written by others, who could run code here",
         .remedy = "chmod go-w " + file,
         .chinese =
             "其他用户可以改写解码器 " + file + "，从而在这里运行任意代码：chmod go-w " + file});
  }
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid()) {
    return refused(
        {.what = "the decoder " + file + " belongs to another user, who could run code here",
         .remedy = "chown root " + file,
         .chinese =
             "解码器 " + file + " 属于其他用户，该用户可以在这里运行任意代码：chown root " + file});
  }
  return {};
}

}  // namespace

Result<const watchpost_decoder*> check_plugin(const watchpost_decoder* decoder,
                                              const std::string& file) {
  const std::string ours = std::to_string(WATCHPOST_DECODER_ABI);
  if (decoder == nullptr) {
    return refused({.what = "the decoder " + file + " has no interface of version " + ours +
                            ", which is this daemon's",
                    .remedy = "Rebuild it with plugins/abi/watchpost_decoder.h of this version",
                    .chinese = "解码器 " + file + " 没有版本 " + ours +
                               " 的接口。请用本版本的 plugins/abi/watchpost_decoder.h 重新编译"});
  }
  if (decoder->abi != WATCHPOST_DECODER_ABI) {
    return refused({.what = "the decoder " + file + " was built for decoder interface " +
                            std::to_string(decoder->abi) + "; this daemon has " + ours,
                    .remedy = "Rebuild it with plugins/abi/watchpost_decoder.h of this version",
                    .chinese = "解码器 " + file + " 的接口版本是 " + std::to_string(decoder->abi) +
                               "，本程序是 " + ours +
                               "。请用本版本的 plugins/abi/watchpost_decoder.h 重新编译"});
  }
  // What came later than the first release may be absent.
  const bool whole = decoder->struct_size >= offsetof(watchpost_decoder, recall) &&
                     decoder->name != nullptr && *decoder->name != '\0' &&
                     decoder->open != nullptr && decoder->close != nullptr &&
                     decoder->decode != nullptr;
  if (!whole) {
    return refused(
        {.what = "the decoder " + file + " leaves out a part of its interface",
         .remedy = "Every member of watchpost_decoder must be set; see plugins/template",
         .chinese = "解码器 " + file +
                    " 的接口不完整。watchpost_decoder 的每个成员都要设置，见 plugins/template"});
  }
  return decoder;
}

Result<const watchpost_decoder*> load_plugin(const std::string& file) {
  if (const auto checked = check_ownership(file); !checked) return checked.error();
  // A path without a slash would be searched for in the library path.
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  void* object = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object == nullptr) {
    const char* why = ::dlerror();
    return refused(
        {.what = "the decoder " + file + " cannot be loaded: " + (why ? why : "no reason given"),
         .remedy = "Build it for this machine and install the libraries it names",
         .chinese = "无法加载解码器 " + file + "（" + (why ? why : "没有说明原因") +
                    "）。请为本机编译，并安装它需要的库"});
  }
  void* symbol = ::dlsym(object, WATCHPOST_DECODER_ENTRY);
  if (symbol == nullptr) {
    return refused(
        {.what = "the shared object " + file +
                 " is no decoder: it has no symbol " WATCHPOST_DECODER_ENTRY,
         .remedy = "Use WATCHPOST_DECODER of plugins/sdk/decoder.hpp; see plugins/template",
         .chinese = "共享库 " + file +
                    " 不是解码器：没有符号 " WATCHPOST_DECODER_ENTRY
                    "。请用 plugins/sdk/decoder.hpp 的 WATCHPOST_DECODER，见 plugins/template"});
  }
  const auto entry = reinterpret_cast<watchpost_decoder_entry_function>(symbol);
  return check_plugin(entry(WATCHPOST_DECODER_ABI), file);
}

}  // namespace watchpost::decode
