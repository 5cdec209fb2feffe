// What root may read and the service may not: a check as root must find the difference.
#include "app/service_unit.hpp"

#include <unistd.h>

#include <algorithm>

#include "app/as_user.hpp"
#include "app/check.hpp"
#include "app/store_guard.hpp"
#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::app;
using settings::testing::Folder;

namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

// The file system of a machine with the installed unit and its drop-ins.
struct Machine {
  Folder root;
  fs::path config = root.path() / "etc/watchpost/watchpost.toml";

  Machine() {
    write(root.path() / "usr/local/lib/systemd/system/watchpostd.service",
          "[Service]\n#User=nobody\nExecStart=/usr/local/bin/watchpostd --config " +
              config.string() +
              "\nUser=watchpost\nStateDirectory=watchpost\nProtectSystem=strict\n");
  }
  void drop_in(std::string_view name, std::string_view text) const {
    write(root.path() / "etc/systemd/system/watchpostd.service.d" / name, text);
  }
  [[nodiscard]] ServiceUnit unit() const {
    const auto found = ServiceUnit::installed(root.path());
    REQUIRE(found.has_value());
    return *found;
  }
  [[nodiscard]] settings::Config read(std::string_view text) const {
    write(config, text);
    auto around = settings::testing::surroundings();
    const auto result = settings::parse_config(config, around);
    if (!result) FAIL(result.error().text());
    return *result;
  }
};

bool says(const std::vector<settings::Words>& list, std::string_view part) {
  return std::any_of(list.begin(), list.end(), [part](const auto& words) {
    UNSCOPED_INFO(words.english);
    return words.english.find(part) != std::string::npos && !words.chinese.empty();
  });
}

}  // namespace

TEST_CASE("the unit and its drop-ins tell the user, the file and where may be written",
          "[app][unit]") {
  const Machine machine;
  CHECK(machine.unit().user == "watchpost");
  CHECK(machine.unit().config_file == machine.config);
  CHECK(machine.unit().may_write("/var/lib/watchpost"));
  CHECK(machine.unit().may_write("/var/lib/watchpost/store"));
  CHECK_FALSE(machine.unit().may_write("/var/lib/watchpost-2"));
  CHECK_FALSE(machine.unit().may_write("/mnt/ssd/watchpost"));
  machine.drop_in("override.conf", "[Service]\nReadWritePaths=-/srv/a /mnt/ssd/watchpost\n");
  CHECK(machine.unit().may_write("/mnt/ssd/watchpost"));
  CHECK(machine.unit().may_write("/srv/a/b"));
  machine.drop_in("zz.conf", "[Service]\nUser=other\nProtectSystem=full\n");
  CHECK(machine.unit().user == "other");
  CHECK(machine.unit().may_write("/anywhere"));
  const Folder bare;
  CHECK_FALSE(ServiceUnit::installed(bare.path()));
}

TEST_CASE("an empty assignment takes back what was allowed before, as systemd reads it",
          "[app][unit]") {
  const Machine machine;
  machine.drop_in("10-disk.conf", "[Service]\nReadWritePaths = /mnt/ssd \\\n# old\n  /srv/a\n");
  CHECK(machine.unit().may_write("/mnt/ssd/watchpost"));
  CHECK(machine.unit().may_write("/srv/a"));
  machine.drop_in("20-none.conf", "[Service]\nReadWritePaths=\nReadWritePaths=/srv/b\n");
  CHECK_FALSE(machine.unit().may_write("/mnt/ssd/watchpost"));
  CHECK(machine.unit().may_write("/srv/b"));
  CHECK(machine.unit().may_write("/var/lib/watchpost"));
  machine.drop_in(
      "30-start.conf",
      "[Service]\nExecStart=\nExecStart=/usr/bin/watchpostd --config=/srv/b/box.toml\n");
  CHECK(machine.unit().config_file == "/srv/b/box.toml");
}

TEST_CASE("of several drop-ins with one name only that of the first folder counts", "[app][unit]") {
  const Machine machine;
  const fs::path vendors = machine.root.path() / "usr/lib/systemd/system";
  write(vendors / "watchpostd.service.d/disk.conf", "[Service]\nReadWritePaths=/mnt/old\n");
  write(vendors / "service.d/all.conf", "[Service]\nReadWritePaths=/mnt/all\n");
  CHECK(machine.unit().may_write("/mnt/old"));
  CHECK(machine.unit().may_write("/mnt/all"));
  machine.drop_in("disk.conf", "[Service]\nReadWritePaths=/mnt/new\n");
  CHECK_FALSE(machine.unit().may_write("/mnt/old"));
  CHECK(machine.unit().may_write("/mnt/new"));
  // An empty file switches one off.
  machine.drop_in("all.conf", "");
  CHECK_FALSE(machine.unit().may_write("/mnt/all"));
}

TEST_CASE("a check as root finds the files that the service cannot read", "[app][unit]") {
  if (geteuid() != 0) return;  // another user cannot become the service's user
  Machine machine;
  auto unit = machine.unit();
  unit.user = "nobody";
  fs::permissions(machine.root.path(), fs::perms{0755});
  const auto secret = machine.config.parent_path() / "street.password";
  write(secret, "x\n");
  fs::permissions(secret, fs::perms{0600});
  const auto store = machine.root.path() / "store";
  fs::create_directories(store);
  unit.read_write_paths = {store};
  REQUIRE(::chown(store.c_str(), 65'534, 65'534) == 0);
  const auto config = machine.read(
      "[store]\ndirectory = \"" + store.string() +
      "\"\n[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\npassword_file = \"street.password\"\n");
  const auto view = view_of_service({config, machine.config}, unit);
  CHECK(view.mistakes.size() == 1);
  CHECK(says(view.mistakes, "upstream.password_file: the service cannot read"));
  CHECK(says(view.mistakes, "sudo chown root:nobody"));
  fs::permissions(secret, fs::perms{0644});
  CHECK(view_of_service({config, machine.config}, unit).mistakes.empty());

  // A closed folder hides all files below it.
  fs::permissions(machine.config.parent_path(), fs::perms{0700});
  const auto hidden = view_of_service({config, machine.config}, unit);
  CHECK(hidden.mistakes.size() == 2);
  const auto folder = machine.config.parent_path().string();
  CHECK(says(hidden.mistakes, "the folder " + folder + " is closed"));
  CHECK(says(hidden.mistakes, "sudo chown root:nobody " + folder + "; sudo chmod 750 " + folder));
}

TEST_CASE("a store that the unit forbids is a mistake; another file is not the service's",
          "[app][unit]") {
  const Machine machine;
  const auto config = machine.read("[store]\ndirectory = \"/mnt/ssd/watchpost\"\n");
  const auto view = view_of_service({config, machine.config}, machine.unit());
  CHECK(says(view.mistakes, "ReadWritePaths=-/mnt/ssd/watchpost"));
  const auto other = view_of_service({config, "/tmp/other.toml"}, machine.unit());
  CHECK(other.notes.empty());
  CHECK(other.mistakes.empty());
  machine.drop_in("bind.conf", "[Service]\nBindPaths=-/mnt/usb:/mnt/ssd:rbind /srv/a\n");
  CHECK(machine.unit().may_write("/mnt/ssd/watchpost"));
  CHECK(machine.unit().may_write("/srv/a/b"));
  CHECK_FALSE(machine.unit().may_write("/mnt/usb/watchpost"));
}

TEST_CASE("a store in a home is told to move, and nobody is told to make a folder there",
          "[app][unit]") {
  const Machine machine;
  const auto home = fs::path("/home") / "wang";
  const auto config = machine.read("[store]\ndirectory = \"" + home.string() + "\"\n");
  const auto view = view_of_service({config, machine.config}, machine.unit());
  CHECK(says(view.mistakes, "sees nothing below /home and /root"));
  CHECK_FALSE(says(view.mistakes, "install -d"));
  CHECK_FALSE(says(view.mistakes, "ReadWritePaths"));
}

TEST_CASE("a file that the service cannot read is told with the folder that is closed",
          "[app][unit]") {
  if (geteuid() != 0) return;  // another user cannot become the service's user
  const Folder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  write(folder.path() / "closed/below/users", "x\n");
  fs::permissions(folder.path() / "closed", fs::perms{0700});
  auto around = settings::testing::surroundings();
  around.user_name = "nobody";
  const auto told = [&around](const fs::path& file, std::string_view part) {
    const auto text = "[[listener]]\npassword_file = \"" + file.string() + "\"\n";
    return as_user("nobody", [&] {
      const auto read = settings::parse_config_text(settings::ConfigText{text},
                                                    "/etc/watchpost/watchpost.toml", around);
      return !read && read.error().text().find(part) != std::string::npos ? 1 : 0;
    });
  };
  const auto closed = (folder.path() / "closed").string();
  CHECK(told(folder.path() / "closed/below/users", "sudo chmod 750 " + closed + ".") == 0);
  CHECK(told(folder.path() / "closed/below/users", "sudo chmod 750 " + closed) == 1);
  CHECK(told(folder.path() / "closed/below/users", closed + "/below;") == 0);
  // Opening root's home would not even help: the unit hides it (ProtectHome=).
  if (as_user("nobody", [] { return ::access("/root", X_OK) == 0 ? 0 : 1; }) == 0) return;
  CHECK(told(fs::path("/root") / "users", "move the file to /etc/watchpost") == 1);
  CHECK(told(fs::path("/root") / "users", "chmod") == 0);
}

TEST_CASE("the service is told how its configuration becomes readable, not to use sudo",
          "[app][unit]") {
  if (geteuid() != 0) return;  // another user cannot become the service's user
  const Folder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  const auto file = folder.write("watchpost.toml", "[gateway]\n");
  fs::permissions(file, fs::perms{0600});
  auto around = settings::testing::surroundings();
  around.user_name = "nobody";
  const auto told = [&](std::string_view part) {
    return as_user("nobody", [&] {
      const auto read = settings::parse_config(file, around);
      return !read && read.error().text().find(part) != std::string::npos ? 1 : 0;
    });
  };
  CHECK(told("sudo chmod 640 " + file.string()) == 1);
  around.state_directory.reset();
  CHECK(told("Run this with sudo") == 1);
}

TEST_CASE("a link in place of the folder that systemd makes is a mistake", "[app][unit]") {
  const Machine machine;
  const auto folder = machine.root.path() / "ssd";
  fs::create_directories(folder);
  const auto link = machine.root.path() / "link";
  fs::create_directory_symlink(folder, link);
  auto unit = machine.unit();
  unit.state_directories = {folder};
  const auto config = machine.read("[store]\ndirectory = \"" + folder.string() + "\"\n");
  CHECK_FALSE(says(view_of_service({config, machine.config}, unit).mistakes, "symbolic link"));
  unit.state_directories = {link};
  CHECK(says(view_of_service({config, machine.config}, unit).mistakes, "is a symbolic link"));
}

TEST_CASE("files of root in the store are told before the store is taken for damaged",
          "[app][unit]") {
  if (geteuid() != 0) return;  // another user cannot become the service's user
  const Folder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  const auto store = folder.path() / "store";
  write(store / "watchpost.db", "x");
  fs::permissions(store / "watchpost.db", fs::perms{0600});
  REQUIRE(::chown(store.c_str(), 65'534, 65'534) == 0);
  const auto refused = [&] {
    const StoreQuestion question{store, false, folder.path() / "none", 65'534};
    return as_user("nobody", [&] {
      const auto answer = may_open_store(question);
      return answer ? 0
             : answer.error().sentence().find("sudo chown -R nobody:nobody") != std::string::npos
                 ? 1
                 : 2;
    });
  };
  CHECK(refused() == 1);
  REQUIRE(::chown((store / "watchpost.db").c_str(), 65'534, 65'534) == 0);
  CHECK(refused() == 0);
}

TEST_CASE("the configuration of the service is not tried beside the service", "[app][unit]") {
  const Folder folder;
  const auto store = folder.path() / "store";
  fs::create_directories(store);
  StoreQuestion question{folder.path() / "try", false, store, 1'000, true};
  const auto refused = may_open_store(question);
  REQUIRE(refused.has_error());
  CHECK(refused.error().sentence().find("in the copy set another gateway.id") != std::string::npos);
  question.is_beside_service = false;
  CHECK(may_open_store(question).has_value());
  question = {folder.path() / "try", false, folder.path() / "none", 1'000, true};
  CHECK(may_open_store(question).has_value());
}

TEST_CASE("a mapping that is a device's profile is a file the service must read", "[app][unit]") {
  settings::Config config;
  config.devices.resize(2);
  config.devices[0].profile = "/etc/watchpost/pump.toml";
  config.devices[1].profile = "/a-model";
  const auto files = files_of(config);
  REQUIRE(files.size() == 1);
  CHECK(files[0].key == "device.profile");
  CHECK(files[0].path == "/etc/watchpost/pump.toml");
}

TEST_CASE("a program of an output that the service cannot run is found, and one that it can is not",
          "[app][unit]") {
  settings::Config config;
  config.outputs.resize(2);
  config.outputs[1].command = {"/bin/sh", "-c", "true"};
  const auto programs = programs_of(config);
  REQUIRE(programs.size() == 1);
  CHECK(programs[0].key == "output.command");
  CHECK(programs[0].path == "/bin/sh");
  if (geteuid() != 0) return;
  const Folder folder;
  const auto program = folder.path() / "send-sms";
  std::ofstream(program) << "#!/bin/sh\n";
  fs::permissions(folder.path(), fs::perms(0755));
  const std::vector<NamedFile> asked{{"output.command", program, true}};
  fs::permissions(program, fs::perms(0700));
  CHECK(unreadable_for("nobody", asked).size() == 1);
  // It must be run, and need not be read.
  fs::permissions(program, fs::perms(0711));
  CHECK(unreadable_for("nobody", asked).empty());
  fs::permissions(program, fs::perms(0744));
  CHECK(unreadable_for("nobody", asked).size() == 1);
}

TEST_CASE("a command at the end of a sentence can be copied as it stands", "[app][unit]") {
  CHECK(with_full_stop("sudo chmod 640 /etc/watchpost/a") == "sudo chmod 640 /etc/watchpost/a");
  CHECK(with_full_stop("Ask the operator") == "Ask the operator.");
  CHECK(with_full_stop("Did you mean id?") == "Did you mean id?");
  CHECK(with_full_stop("/a") == "/a");
  CHECK(with_full_stop("请询问") == "请询问。");
}

TEST_CASE("root leaves no files in the store of the service, and no second store is begun",
          "[app][unit]") {
  const Folder folder;
  const auto store = folder.path() / "store";
  fs::create_directories(store);
  StoreQuestion question{store, false, folder.path() / "none", 0};
  if (geteuid() == 0) {
    CHECK(may_open_store(question).has_value());
    REQUIRE(::chown(store.c_str(), 65'534, 65'534) == 0);
    const auto refused = may_open_store(question);
    REQUIRE(refused.has_error());
    CHECK(refused.error().sentence().find("systemctl start watchpostd") != std::string::npos);
    question.user = 65'534;
    CHECK(may_open_store(question).has_value());
  }
  StoreQuestion second{folder.path() / "watchpost-data", true, store, 1'000};
  const auto refused = may_open_store(second);
  REQUIRE(refused.has_error());
  CHECK(refused.error().sentence().find("has one already in") != std::string::npos);
  CHECK(refused.error().sentence().find("--store") != std::string::npos);
  second.is_default = false;
  CHECK(may_open_store(second).has_value());
  second = {folder.path() / "watchpost-data", true, folder.path() / "none", 1'000};
  CHECK(may_open_store(second).has_value());
}
