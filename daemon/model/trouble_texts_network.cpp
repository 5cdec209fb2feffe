// The texts of why a server is not reached: name, network, port, TLS, Paho. Causes of other
// troubles.
#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost {
namespace {

using Code = TroubleCode;
using Severity = TroubleSeverity;

constexpr std::array kNetworkTexts{
    TroubleEntry{Code::name_unknown,
                 Severity::cause,
                 {"The name {host} cannot be looked up: {why}",
                  "Check the name in url, the network, and the name servers of this machine "
                  "(/etc/resolv.conf). It is tried again by itself"},
                 {"查不到域名 {host} 的地址（系统信息：{why}）",
                  "请检查 url "
                  "中的域名、网络，以及本机的域名服务器设置（/etc/resolv.conf）。程序会自动重试"}},
    TroubleEntry{
        Code::name_no_thread,
        Severity::cause,
        {"No thread to look up {host}: {why}",
         "Raise the limit of threads of the service (TasksMax). It is tried again by itself"},
        {"无法创建线程来查询 {host} 的地址（系统信息：{why}）",
         "请调大服务的线程数上限（TasksMax）。程序会自动重试"}},
    TroubleEntry{Code::link_port_closed,
                 Severity::cause,
                 {"{url} cannot be reached: {why}",
                  "The host is there, but nothing listens on port {port}: check the port, and that "
                  "the broker runs. It is tried again by itself"},
                 {"连不上 {url}（系统信息：{why}）",
                  "主机在线，但端口 {port} "
                  "上没有程序：请核对端口，并确认对方的服务器程序在运行。程序会自动重试"}},
    TroubleEntry{
        Code::link_no_way,
        Severity::cause,
        {"{url} cannot be reached: {why}",
         "Check the network: there is no way to this address from here, so look at the cable or "
         "the mobile network of this box. It is tried again by itself"},
        {"连不上 {url}（系统信息：{why}）",
         "请检查网络：本机到这个地址没有通路，请查看本机的网线或移动网络。程序会自动重试"}},
    TroubleEntry{Code::link_no_answer,
                 Severity::cause,
                 {"{url} cannot be reached: no answer for {time}",
                  "Check the network and the address; a firewall on the way may swallow what is "
                  "sent to this port. It is tried again by itself"},
                 {"连不上 {url}：{time}没有应答",
                  "请检查网络和地址；途中的防火墙可能丢弃了发往这个端口的数据。程序会自动重试"}},
    TroubleEntry{Code::link_timed_out,
                 Severity::cause,
                 {"{url} cannot be reached: {why}",
                  "Check the network and the address; a firewall on the way may swallow what is "
                  "sent to this port. It is tried again by itself"},
                 {"连不上 {url}（系统信息：{why}）",
                  "请检查网络和地址；途中的防火墙可能丢弃了发往这个端口的数据。程序会自动重试"}},
    TroubleEntry{Code::link_not_reached,
                 Severity::cause,
                 {"{url} cannot be reached: {why}",
                  "Check the network, the address and port, and that the broker runs. It is tried "
                  "again by itself"},
                 {"连不上 {url}（系统信息：{why}）",
                  "请检查网络、地址和端口，并确认对方的服务器程序在运行。程序会自动重试"}},
    TroubleEntry{
        Code::link_no_connect,
        Severity::cause,
        {"It has not answered a connect for {time}",
         "It is tried again by itself; if this repeats, look at the network and its name server"},
        {"对方 {time}没有应答连接请求", "程序会自动重试；如果反复出现，请检查网络及其域名服务器"}},
    TroubleEntry{Code::link_not_tls,
                 Severity::cause,
                 {"{url} cannot be reached over TLS: {why}",
                  "Check the port, and that the server speaks TLS there: mqtts:// usually has port "
                  "8883, mqtt:// without TLS 1883. It is tried again by itself"},
                 {"无法通过 TLS 连接 {url}（{why}）",
                  "请核对端口，并确认对方在该端口使用 TLS：mqtts:// 通常是 8883，不加密的 mqtt:// "
                  "是 1883。程序会自动重试"}},
    TroubleEntry{Code::tls_not_reached,
                 Severity::cause,
                 {"{url} cannot be reached over TLS: {why}",
                  "Check the network, the address and port, and that the server speaks TLS there. "
                  "It is tried again by itself"},
                 {"无法通过 TLS 连接 {url}（{why}）",
                  "请检查网络、地址和端口，并确认对方在该端口使用 TLS。程序会自动重试"}},
    TroubleEntry{Code::tls_name,
                 Severity::cause,
                 {"The certificate of {url} is not for the name {host}",
                  "Write the name that the certificate has into url, or have the operator of the "
                  "server add this one"},
                 {"{url} 的证书不是为 {host} 签发的",
                  "请把证书上的名称写进 url，或请对方服务器的运维人员在证书中加上这个名称"}},
    TroubleEntry{
        Code::tls_expired,
        Severity::cause,
        {"The certificate of {url} has expired: today is {date} by the clock of this box",
         "If that is the date, have the operator of the server renew it; if not, set the clock "
         "(timedatectl)"},
        {"{url} 的证书已过期：按本机时钟今天是 {date}",
         "如果日期没错，请对方服务器的运维人员更换证书；如果不对，请校准时钟（timedatectl）"}},
    TroubleEntry{
        Code::tls_not_yet_valid,
        Severity::cause,
        {"The certificate of {url} is not valid yet: today is {date} by the clock of this box",
         "If that is the date, have the operator of the server correct its certificate. If not, "
         "the clock is wrong: connect the box to the network so that it can set its clock, or set "
         "it by hand (timedatectl set-time). The link comes up by itself then, and what happens "
         "until then is kept"},
        {"{url} 的证书尚未生效：按本机时钟今天是 {date}",
         "如果日期没错，请对方服务器的运维人员更正证书；如果不对，就是时钟错了：请联网让本机自动校"
         "时，或手工校时（timedatectl set-time）。之后自动连接，期间的事件保存在本机"}},
    TroubleEntry{
        Code::tls_not_trusted,
        Severity::cause,
        {"The certificate of {url} is not trusted ({why})",
         "Set ca_file to the certificate of the authority that signed it"},
        {"{url} 的证书不可信（{why}）", "请把 ca_file 设为签发该证书的机构（CA）的证书文件"}},
    TroubleEntry{
        Code::tls_self_signed,
        Severity::cause,
        {"The certificate of {url} is signed by the server itself and not trusted here",
         "If this is the right server, ask its operator for that certificate and set ca_file to "
         "it"},
        {"{url} 的证书由服务器自己签发，本机不信任",
         "如果确认是这台服务器，请向其运维人员索取该证书，并把 ca_file 设为这个文件"}},
    TroubleEntry{
        Code::tls_certificate_wanted,
        Severity::cause,
        {"{url} shows a good certificate, but ends the connection",
         "If it asks for a certificate of ours, set cert_file and key_file; its log says more"},
        {"{url} 的证书没有问题，但对方断开了连接",
         "如果对方要求本机出示证书，请设置 cert_file 和 key_file；详情见对方的日志"}},
    TroubleEntry{
        Code::tls_certificate_refused,
        Severity::cause,
        {"{url} shows a good certificate, but ends the connection after ours ({file}: {client}, "
         "valid until {date})",
         "Probably it does not take ours: if that day is over, have our certificate renewed; else "
         "ask the operator of the server which authority must have signed it, and for its log"},
        {"{url} 的证书没有问题，但在本机出示证书（{file}：{client}，有效期至 "
         "{date}）之后断开了连接",
         "对方很可能不接受本机的证书：如果已过有效期，请更换；否则请询问对方服务器的运维人员应由哪"
         "家机构（CA）签发，并请其查看日志"}},
    TroubleEntry{
        Code::tls_authorities,
        Severity::cause,
        {"The authorities in {file} cannot be read: {why}",
         "Set ca_file to a PEM file that the service may read"},
        {"无法读取 {file} 中的 CA 证书（{why}）", "请把 ca_file 设为服务有权读取的 PEM 文件"}},
    TroubleEntry{
        Code::tls_file,
        Severity::cause,
        {"{file} cannot be used: {why}", "Name a PEM file that the user of the service may read"},
        {"无法使用文件 {file}（{why}）", "请指定一个服务用户有权读取的 PEM 文件"}},
    TroubleEntry{Code::paho_not_reached,
                 Severity::cause,
                 {"{url} cannot be reached (Paho code {code})",
                  "Check the network, the address and port, and that the broker runs; if it speaks "
                  "TLS on this port, url begins with mqtts://. It is tried again by itself"},
                 {"连不上 {url}（Paho 代码 {code}）",
                  "请检查网络、地址和端口，并确认对方的服务器程序在运行；如果对方在该端口使用 "
                  "TLS，url 要以 mqtts:// 开头。程序会自动重试"}},
    TroubleEntry{Code::paho_call,
                 Severity::cause,
                 {"{url}: Paho refused a call: {why} (code {code})",
                  "Nothing to do: the link is set up again by itself"},
                 {"{url}：Paho 拒绝了一次调用（{why}，代码 {code}）", "不用处理，会自动重新连接"}},
    TroubleEntry{
        Code::paho_link_ended,
        Severity::cause,
        {"The connection to {url} ended; Paho does not say whether the other side closed it or the "
         "network broke",
         "Check the network, and ask for the server's log, if it does not come back. It is tried "
         "again by itself"},
        {"与 {url} 的连接中断；Paho 没有说明是对方断开还是网络中断",
         "如果连接没有恢复，请检查网络，并查看对方服务器的日志。程序会自动重试"}},
    TroubleEntry{
        Code::paho_link_keeps_ending,
        Severity::cause,
        {"Each connection ends soon after it was made, and Paho does not say why: the network "
         "breaks, "
         "or somebody else connects as \"{client}\"",
         "Look for another box with this gateway.id or client_id and give each its own; if there "
         "is "
         "none, check the network. With client = \"watchpost\" here the reason is told"},
        {"每次连接成功后不久就中断，Paho 没有说明原因：可能是网络中断，也可能有别的设备用“{client}”"
         "的名义连接",
         "请查找 gateway.id 或 client_id "
         "相同的另一台主机，让每台各用自己的编号；如果没有，请检查网络"
         "。这里改用 client = \"watchpost\" 就能看到原因"}},
    TroubleEntry{
        Code::broker_silent,
        Severity::cause,
        {"It does not answer a connect",
         "Check that it is a broker and not overloaded. It is tried again by itself"},
        {"对方没有应答连接请求", "请确认对方是 MQTT 服务器，并且没有过载。程序会自动重试"}},
    TroubleEntry{Code::broker_topic_refused,
                 Severity::cause,
                 {"{url} refuses the topic {topic} ({code})",
                  "Allow this user to read it in the broker's access list"},
                 {"{url} 拒绝本机读取主题 {topic}（{code}）",
                  "请在对方服务器的访问控制列表中允许该用户读取这个主题"}},
    TroubleEntry{
        Code::broker_not_kept,
        Severity::cause,
        {"A message of {url} was not kept", "It was not acknowledged; the broker sends it again"},
        {"{url} 发来的一条消息没有保存", "这条消息没有得到确认，对方服务器会重发"}},
};

}  // namespace

std::span<const TroubleEntry> network_troubles() {
  return kNetworkTexts;
}

}  // namespace watchpost
