// The texts about accounts, rights and a configuration that is read again.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kAccessTexts{
    TroubleEntry{
        Code::client_may_not_publish,
        Severity::critical,
        {"The client {client} ({address}, user {user}) may not publish on {topic}: {times} of its "
         "messages were not taken, and an alarm would not be either. {line} decides",
         "If it is to be heard, add a line `topic write …` for the user (or `pattern write …` for "
         "all) to that ACL file, then sudo systemctl reload watchpostd; if not, set another topic "
         "on the device"},
        {"客户端 {client}（{address}，用户 {user}）无权向 {topic} 发布：已有 {times} "
         "条消息没有收下，报警也不会收下。依据是 {line}",
         "如果应当收下，请在该权限文件里给这个用户加一行 `topic write …`（或给所有用户加 `pattern "
         "write …`），然后运行 sudo systemctl reload watchpostd；否则请在设备上改用别的主题"}},
    TroubleEntry{
        Code::client_may_not_subscribe,
        Severity::warning,
        {"The client {client} ({address}, user {user}) may not subscribe to {topic}, {times} times "
         "so far. {line} decides",
         "If it is to read that, give its user the right: a line `topic read …` in the ACL file, "
         "or its name in readers of the [[listener]] where there is no ACL file; then sudo "
         "systemctl reload watchpostd"},
        {"客户端 {client}（{address}，用户 {user}）无权订阅 {topic}，至今 {times} 次。依据是 "
         "{line}",
         "如果应当允许，请给它的用户授权：在权限文件里加一行 `topic read "
         "…`；没有权限文件时，把用户名写进 [[listener]] 的 readers；然后运行 sudo systemctl reload "
         "watchpostd"}},
    TroubleEntry{
        Code::client_gets_part,
        Severity::warning,
        {"The client {client} (user {user}) gets only a part of what it subscribed to: commands "
         "and its own topics, but not {topic}",
         "If it is to read everything (Home Assistant, a display), write readers = "
         "[\"ITS USER NAME\"] in the [[listener]] of port {port}, then sudo systemctl reload "
         "watchpostd; if not, have it subscribe to its own topics only"},
        {"客户端 {client}（用户 {user}）只能收到所订阅内容的一部分：命令和它自己的主题，收不到 "
         "{topic}",
         "如果它应当读到全部内容（例如 Home Assistant、显示屏），请在端口 {port} 的 [[listener]] "
         "段写 readers = [\"它的用户名\"]，然后运行 sudo systemctl reload "
         "watchpostd；否则请让它只订阅自己的主题"}},
    TroubleEntry{
        Code::passwords_guessed,
        Severity::warning,
        {"Somebody guesses passwords: {times} different wrong ones from {address} for the user "
         "{user}. Further ones are checked slowly; others log in as always",
         "Find the device with that address and switch it off; if it is one of yours, set its "
         "password right"},
        {"有人在猜密码：来自 {address}、用户 {user} 的不同错误密码已有 {times} "
         "个。后续的会放慢检查，其他人登录不受影响",
         "请找到这个地址的设备并断开；如果是自己的设备，请改正它的密码"}},
    TroubleEntry{
        Code::config_not_used,
        Severity::warning,
        {"The changed configuration {file} is not used: everything goes on as before the change",
         "Mend it (sudo watchpostd --config {file} --check-config says what is wrong), then sudo "
         "systemctl reload watchpostd"},
        {"修改后的配置 {file} 没有生效：一切仍按修改前运行",
         "请用 watchpostd --check-config 找出错误并改正，再运行 sudo systemctl reload watchpostd"}},
    TroubleEntry{Code::config_needs_restart,
                 Severity::advice,
                 {"These keys of the configuration have changed and are used after a restart: "
                  "{keys}",
                  "sudo systemctl restart watchpostd; nothing acknowledged is lost by it"},
                 {"配置中的这些键已修改，重启后才生效：{keys}",
                  "请运行 sudo systemctl restart watchpostd；已确认的消息不会丢失"}},
    TroubleEntry{Code::file_mistake,
                 Severity::cause,
                 {"The mistake is at {place}", ""},
                 {"错误在 {place}", ""}},
};

}  // namespace

std::span<const TroubleEntry> access_troubles() {
  return kAccessTexts;
}

}  // namespace watchpost
