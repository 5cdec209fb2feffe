// CrashMark: which plugin was at work when a process before this one ended.
// Promise: a plugin stands in a page of the store's folder while it works, and what stands there at
// a start was written by a process that ended in that moment. The page is memory that the kernel
// keeps when a process dies, so it costs a few writes for each message and waits for no disk; a
// power cut may lose it, and then nothing is said. A plugin that ended the process twice, its file
// unchanged since, is not opened any more: once may be a kill from outside that met it. At most 16
// plugins are remembered. Where the page cannot be had, nothing is remembered. I/O thread; `rests`
// also while a new configuration is read on another.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::decode {

class CrashMark {
 public:
  explicit CrashMark(std::filesystem::path file);
  CrashMark(const CrashMark&) = delete;
  CrashMark& operator=(const CrashMark&) = delete;
  ~CrashMark();

  // Maps the page, where its folder is there; takes over what the process before left. Once.
  void open();

  struct Task {
    std::string_view plugin;  // its file
    std::string_view topic;   // of the message
  };
  // Stands in the page for as long as it lives.
  class AtWork {
   public:
    AtWork(CrashMark* mark, const Task& task);
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
    ~AtWork();

   private:
    CrashMark* mark_;
  };

  struct Crashed {
    std::string plugin;  // its file
    std::string topic;   // of the message it was given last
    unsigned times = 0;
    bool rests = false;  // it is not opened any more
  };
  // Those whose file is unchanged since.
  [[nodiscard]] std::vector<Crashed> crashed() const;
  [[nodiscard]] bool rests(const std::string& plugin) const;

 private:
  struct Entry;
  struct Page;
  void note_what_was_left();
  [[nodiscard]] const Entry* entry_of(const std::string& plugin) const;

  std::filesystem::path file_;
  Page* page_ = nullptr;
};

}  // namespace watchpost::decode
