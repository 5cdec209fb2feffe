// Remarks on values that are accepted: likely slips, and sizes that this machine has no room for.
#include "settings/remarks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/text.hpp"
#include "decode/profiles.hpp"
#include "settings/closed_files.hpp"
#include "settings/device_profiles.hpp"
#include "settings/keys.hpp"
#include "settings/values.hpp"
#include "spool/room/disk.hpp"
#include "spool/spool_defaults.hpp"

namespace watchpost::settings {
namespace {

namespace fs = std::filesystem;

// Many devices wait half a second for an acknowledgement.
constexpr std::chrono::milliseconds kLongestLinger{500};
// Longest stop_deadline without a remark: TimeoutStopSec of the unit is 45 s.
constexpr std::chrono::seconds kLongestStop{40};
constexpr std::uint16_t kFirstFreePort = 1'024;
// Where the watchpost command looks for the daemon.
constexpr std::string_view kCommandsSocket = "/run/watchpost/watchpost.sock";

bool is_below(const fs::path& path, std::string_view folder) {
  return path.string().starts_with(fmt::format("{}/", folder));
}

class LookOver {
 public:
  LookOver(const Config& config, const Places& places, const ConfigSurroundings& surroundings)
      : config_(config), places_(places), surroundings_(surroundings) {}

  std::vector<Words> run() {
    look_at_gateway();
    look_at_store();
    look_at_listeners();
    for (const auto& upstream : config_.upstreams) look_at_link(upstream.link);
    for (const auto& broker : config_.brokers) look_at_link(broker.link);
    for (const auto& output : config_.outputs) look_at_output(output);
    for (const auto& device : config_.devices) look_at_profile(device);
    look_at_the_rest();
    for (auto& words : remarks_on_links(config_, places_)) add(std::move(words));
    for (auto& words : remarks_on_devices(config_)) add(std::move(words));
    return std::move(remarks_);
  }

 private:
  void add(Words words) { remarks_.push_back(std::move(words)); }

  void look_at_gateway() {
    if (config_.upstreams.empty()) return;
    if (!places_.given({"gateway"}, "id")) {
      add(say(
          "gateway.id is not set, so it is made of the host name: \"{}\". Two boxes with one id "
          "push each other off the street's server: set an id that no other box has",
          "没有设置 "
          "gateway.id，现用主机名：\"{}\"。两台编号相同的网关会互相挤掉线：请设置不重复的编号",
          config_.gateway.id));
    } else if (config_.gateway.id == "zhaoxiang-03") {
      add(say(
          "gateway.id is the one of the examples, \"{}\": is it this box's own? No two boxes may "
          "have the same",
          "gateway.id 是示例里的 \"{}\"：确实是本机的编号吗？任何两台网关都不能相同",
          config_.gateway.id));
    }
  }

  void look_at_store() {
    const auto& store = config_.store;
    const std::string directory = store.directory.string();
    if (is_below(store.directory, "/tmp") || is_below(store.directory, "/var/tmp")) {
      add(say(
          "store.directory {} is in a folder for temporary files: the service has one of its own "
          "there, which is removed with all records at each stop",
          "store.directory {} 在临时目录里：服务在那里有自己的一份，每次停止时连同全部记录一起删除",
          directory));
    }
    if (is_hidden_from_service(store.directory)) {
      add(
          say("store.directory {} is hidden from the service: choose a folder outside of /home and "
              "/root",
              "store.directory {} 对服务不可见：请选 /home 和 /root 以外的目录", directory));
    }
    if (store.linger > kLongestLinger) {
      add(
          say("store.linger is {}: many devices wait half a second or a second for an "
              "acknowledgement, then send again. Use it only where all of them wait longer",
              "store.linger 是 {}：许多设备等确认只等半秒或一秒，超时就重发。只有全部设备都能等更"
              "久时才可以这样设",
              format_duration(store.linger)));
    }
    const auto disk =
        surroundings_.disk_size ? surroundings_.disk_size(store.directory) : std::nullopt;
    if (disk && store.quota > *disk) {
      const auto most = spool::quota_for(*disk);
      const Words advice =
          most ? say("Set store.quota to at most {}", "请把 store.quota 设为不超过 {}",
                     format_size(*most))
               : say("The least quota is {}: put the store on a larger disk",
                     "quota 最小为 {}：请把数据放到更大的磁盘上", format_size(spool::kLeastQuota));
      add(say(
          "store.quota is {}, but the disk of {} has {} MiB in all: the disk will be full first, "
          "and then new telemetry is refused instead of the oldest being dropped. {}",
          "store.quota 是 {}，而 {} 所在的磁盘一共只有 {} "
          "MiB：磁盘会先写满，那时拒收新的测量数据，而不是删除最早的。{}",
          format_size(store.quota), directory, disk->value / 1'048'576, advice));
    }
  }

  void look_at_listeners() {
    const auto& own = surroundings_.own_addresses;
    for (const auto& listener : config_.listeners) {
      const bool any = listener.address == "0.0.0.0" || listener.address == "::";
      const bool here = std::find(own.begin(), own.end(), listener.address) != own.end();
      if (!own.empty() && !any && !here && !is_loopback(listener.address)) {
        add(say(
            "listener.address {} is no address of this box, so the service will not start; it has "
            "now: {}. Correct it, or write \"0.0.0.0\" for every network",
            "listener.address {} 不是本机的地址，服务将无法启动；本机现有：{}。请改正，或写 "
            "\"0.0.0.0\" 表示所有网络",
            listener.address, fmt::to_string(fmt::join(own, ", "))));
      }
      if (listener.port < kFirstFreePort) {
        add(say(
            "listener.port {} is below 1024: the service as it is installed has no right to such "
            "ports, and will not start. Use {}; or, if it must be this port, run `sudo systemctl "
            "edit watchpostd` and write the lines `[Service]`, `PrivateUsers=no`, "
            "`CapabilityBoundingSet=CAP_NET_BIND_SERVICE` and "
            "`AmbientCapabilities=CAP_NET_BIND_SERVICE`",
            "listener.port {} 小于 1024：按安装时的设置，服务无权使用这样的端口，将无法启动。"
            "请用 {}；如果必须用这个端口，请运行 `sudo systemctl edit watchpostd`，写入 "
            "`[Service]`、`PrivateUsers=no`、`CapabilityBoundingSet=CAP_NET_BIND_SERVICE` 和 "
            "`AmbientCapabilities=CAP_NET_BIND_SERVICE` 这几行",
            listener.port, listener.is_mqtt() ? "1883" : "5000"));
      }
      if (!listener.is_mqtt() && is_loopback(listener.address)) {
        add(
            say("the listener of port {} ({}) has the address {}, which no station on the network "
                "can reach: set address to the one of the stations' network, or \"0.0.0.0\"",
                "端口 {}（{}）的监听地址是 {}，网络上的站点连不到：请把 address 设为站点所在网络的"
                "地址，或 \"0.0.0.0\"",
                listener.port, to_string(listener.protocol), listener.address));
      }
      look_at_readers(listener);
      look_at_secret("listener.password_file", listener.password_file);
      look_at_secret("listener.key_file", listener.tls.key_file);
    }
  }

  void look_at_readers(const ListenerConfig& listener) {
    const auto& readers = listener.readers;
    if (!readers.empty() && !listener.acl_file.empty()) {
      add(say(
          "the listener of port {} has acl_file, which says who reads what: readers says nothing "
          "there. In the file write `user NAME` and `topic readwrite #`",
          "端口 {} 的监听设了 acl_file，由该文件决定谁能读什么，readers 不起作用。可在文件里写 "
          "`user 用户名` 和 `topic readwrite #`",
          listener.port));
      return;
    }
    if (readers.empty() || std::find(readers.begin(), readers.end(), "*") != readers.end() ||
        !listener.password_file.empty() || listener.use_identity_as_username) {
      return;
    }
    add(say(
        "the listener of port {} has readers but no password_file, so no client has a user name "
        "there: only \"*\" has a meaning",
        "端口 {} 的监听设了 readers，但没有 password_file，客户端在那里没有用户名：只有 \"*\" "
        "起作用",
        listener.port));
  }

  void look_at_secret(std::string_view key, const fs::path& file) {
    if (file.empty()) return;
    std::error_code error;
    const auto permissions = fs::status(file, error).permissions();
    if (error || (permissions & fs::perms::others_read) == fs::perms::none) return;
    add(
        say("{} {} can be read by everybody on this box: sudo chown root:watchpost {}; sudo chmod "
            "640 {}",
            "{} {} 本机所有用户都能读：sudo chown root:watchpost {}; sudo chmod 640 {}", key,
            file.string(), file.string(), file.string()));
  }

  void look_at_output(const OutputConfig& output) {
    look_at_secret("url_file", output.url_file);
    look_at_secret("authorization_file", output.authorization_file);
    look_at_secret("secret_file", output.secret_file);
  }

  void look_at_link(const LinkConfig& link) {
    look_at_secret("password_file", link.password_file);
    look_at_secret("key_file", link.key_file);
    if (link.url.host.ends_with(".example")) {
      add(say(
          "{}: {} is a name of the examples and leads nowhere: ask the server's operator for the "
          "real one",
          "{}：{} 是示例里的名称，并不存在：请向对方运维询问真实地址", link.name, link.url.host));
    }
    if (link.url.tls ? link.url.port == 1883 : link.url.port == 8883) {
      add(say("{}: {} is unusual: port 1883 is usually mqtt://, port 8883 mqtts://",
              "{}：{} 不常见：端口 1883 通常用 mqtt://，8883 通常用 mqtts://", link.name,
              link.url.text()));
    }
    std::ifstream in(link.password_file);
    std::string line;
    if (!link.password_file.empty() && std::getline(in, line) &&
        (line.find(":$6$") != std::string::npos || line.find(":$7$") != std::string::npos)) {
      add(say(
          "{}: {} looks like a file of mosquitto_passwd, which a listener reads. Here its first "
          "line must be the password itself",
          "{}：{} 像是 mosquitto_passwd 生成的文件，那是给监听端用的。这里第一行必须就是密码",
          link.name, link.password_file.string()));
    }
  }

  // An unknown profile is no mistake, because a mapping or plugin may read profiles of its own.
  void look_at_profile(const DeviceConfig& device) {
    if (is_known_profile(device.profile)) return;
    const auto names = decode::profile_names();
    const std::string wanted = profile_spelling(device.profile);
    const std::string who =
        device.name.empty() ? device.id : fmt::format("{} ({})", device.name, device.id);
    add(say(
        "device {}: no built-in decoder knows the profile \"{}\"; there are {}. Nothing the device "
        "sends could be read, and its alarms would not be seen, unless a mapping or plugin of "
        "yours knows it",
        "设备 {}：内置的解码器都不认识型号 \"{}\"；可用的有 "
        "{}。它发来的内容无法解析，报警也就看不到，"
        "除非由您自己的映射文件或插件来解析",
        who, device.profile, fmt::to_string(fmt::join(nearest_of(wanted, names), ", "))));
  }
  // The nearest names and those hardly farther: of several equally near names the first may not be
  // the one that was meant.
  static std::vector<std::string> nearest_of(const std::string& wanted,
                                             const std::vector<std::string>& names) {
    std::vector<std::pair<std::size_t, std::string>> all;
    for (const auto& name : names) all.emplace_back(edit_distance(wanted, name), name);
    std::sort(all.begin(), all.end());
    // When no name is near, the whole list helps more than a few names.
    const bool is_slip = !all.empty() && all.front().first <= wanted.size() / 3;
    const std::size_t near = is_slip ? all.front().first + 2 : std::string::npos;
    std::vector<std::string> nearest;
    for (const auto& [distance, name] : all) {
      if (distance <= near) nearest.push_back(name);
    }
    return nearest;
  }

  // Of the service's configuration only: a try by hand has a socket of its own.
  void look_at_socket() {
    const std::string socket = config_.local.socket.string();
    if (!surroundings_.is_installed_config || !places_.given({"local"}, "socket") ||
        socket == kCommandsSocket) {
      return;
    }
    if (is_below(socket, "/tmp") || is_below(socket, "/var/tmp")) {
      add(say(
          "local.socket {}: the service has a folder for temporary files of its own, where no "
          "command finds it; leave the key out",
          "local.socket {}：服务有自己单独的临时目录，任何命令都找不到它：请删掉这个键", socket));
      return;
    }
    add(
        say("local.socket: the watchpost command looks for it in {}; with each command write "
            "--socket {}, or leave the key out",
            "local.socket：watchpost 命令默认使用 {}；每次运行都要写 --socket {}，或删掉这个键",
            kCommandsSocket, socket));
  }

  // A stick or a share may come later.
  void look_at_backup() {
    const fs::path& folder = config_.backup.folder;
    std::error_code unknown;
    if (folder.empty() || fs::status(folder, unknown).type() != fs::file_type::not_found) return;
    add(say(
        "backup.folder: there is no {} now, and without it no backup is made: plug in its disk, "
        "or sudo install -d -o watchpost -g watchpost -m 700 {}",
        "backup.folder：现在没有目录 {}，没有它就不会备份：请接上那块磁盘，或执行 sudo install -d "
        "-o watchpost -g watchpost -m 700 {}",
        folder.string(), folder.string()));
  }

  void look_at_the_rest() {
    if (places_.given({kReservedSection}, "")) {
      add(say("[console] is not read: there is no web page in this version",
              "[console] 不会被读取：本版本还没有网页"));
    }
    std::error_code error;
    const fs::path folder = config_.local.socket.parent_path();
    // systemd makes the folders below /run when the service starts.
    if (places_.given({"local"}, "socket") && !is_below(folder, "/run") &&
        !fs::is_directory(folder, error)) {
      add(say(
          "local.socket: there is no folder {}, and without it the service cannot start: make it, "
          "or leave the key out",
          "local.socket：没有目录 {}，服务会因此无法启动：请创建它，或删掉这个键",
          folder.string()));
    }
    look_at_socket();
    look_at_backup();
    if (config_.service.stop_deadline > kLongestStop) {
      add(
          say("service.stop_deadline {} is longer than the unit waits (45 s): raise TimeoutStopSec "
              "with sudo systemctl edit watchpostd",
              "service.stop_deadline {} 比服务单元的等待时间（45 s）长：请用 sudo systemctl edit "
              "watchpostd "
              "增大 TimeoutStopSec",
              format_duration(config_.service.stop_deadline)));
    }
  }

  const Config& config_;
  const Places& places_;
  const ConfigSurroundings& surroundings_;
  std::vector<Words> remarks_;
};

void note_unverified(const LinkConfig& link, std::vector<Words>& notes) {
  if (!link.url.tls || link.tls_verify) return;
  notes.push_back(
      say("tls_verify is off for {}: anybody on the way can read and change what is sent",
          "{} 关闭了 tls_verify：途中任何人都能读取和篡改发送的内容", link.name));
}

}  // namespace

std::vector<Words> remarks_on(const Config& config, const Places& places,
                              const ConfigSurroundings& surroundings) {
  return LookOver(config, places, surroundings).run();
}

std::vector<Words> Config::notes() const {
  std::vector<Words> notes = remarks.list;
  if (upstreams.empty()) {
    notes.push_back(say("no [[upstream]] is configured: events are kept here and forwarded nowhere",
                        "没有配置 [[upstream]]：事件只保存在本机，不上传"));
  } else if (upstreams.size() > 1 &&
             std::none_of(upstreams.begin(), upstreams.end(),
                          [](const auto& upstream) { return upstream.required; })) {
    notes.push_back(
        say("no [[upstream]] is required: a record may be removed once one of them has it, and the "
            "others may miss it. Set required = true for each that must have everything",
            "没有一个 [[upstream]] 是必需的：只要其中一个收到，记录就可能被删除，其他的可能收不"
            "到。请给必须收全的各个设 required = true"));
  }
  if (listeners.empty() && brokers.empty()) {
    notes.push_back(
        say("neither a [[listener]] nor a [[broker]] is configured: nothing can come in",
            "既没有 [[listener]] 也没有 [[broker]]：收不到任何消息"));
  }
  if (gateway.area == GatewayConfig{}.area) {
    notes.push_back(say(
        "gateway.area is not set to the code of a village: events carry 000000000000 in place of "
        "the division code",
        "没有把 gateway.area 设为村居的代码：事件里的区划代码是 000000000000"));
  }
  for (const auto& listener : listeners) {
    const bool shows_certificate =
        !listener.tls.ca_file.empty() &&
        listener.tls.client_certificates != net::ClientCertificates::optional;
    if (!listener.anonymous || is_loopback(listener.address) || shows_certificate) continue;
    notes.push_back(
        say("the listener on {} port {} accepts anybody on that network without a password",
            "监听 {} 端口 {} 不要密码，该网络上任何人都能接入", listener.address, listener.port));
  }
  for (const auto& upstream : upstreams) note_unverified(upstream.link, notes);
  for (const auto& broker : brokers) note_unverified(broker.link, notes);
  return notes;
}

}  // namespace watchpost::settings
