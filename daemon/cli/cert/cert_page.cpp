#include "cli/cert/cert_page.hpp"

#include "settings/words.hpp"

namespace watchpost::cli {
namespace {

using settings::say;
using settings::Words;

Words about_authority(const MadeAuthority& authority) {
  return say(
      "The authority, until {2}:\n"
      "  {0}   copy it to every device; it is no secret\n"
      "  {1}   its key: whoever has it can pass for this box. Keep a copy in a safe place\n"
      "  SHA-256 of the authority: {3}\n",
      "CA（颁发机构），有效期至 {2}：\n"
      "  {0}   复制到每台设备；不是秘密\n"
      "  {1}   它的私钥：拿到它的人可以冒充本机，请另存一份在安全的地方\n"
      "  CA 的 SHA-256 指纹：{3}\n",
      authority.certificate, authority.private_key, authority.last_day, authority.sha256);
}

Words about_server(const MadeServer& server) {
  return say(
      "This box, until {2}, for {3}:\n"
      "  {0}\n"
      "  {1}\n"
      "  SHA-256 of the certificate: {4}\n",
      "本机，有效期至 {2}，用于 {3}：\n"
      "  {0}\n"
      "  {1}\n"
      "  证书的 SHA-256 指纹：{4}\n",
      server.certificate, server.private_key, server.last_day, server.names, server.sha256);
}

Words about_rights(const MadeServer& server) {
  if (!server.user.empty()) {
    return say("The key of this box belongs to the user {}, so that the service can read it.\n",
               "本机私钥属于用户 {}，以便服务读取。\n", server.user);
  }
  return say("The service must be able to read the key of this box: sudo chown watchpost {}\n",
             "服务必须能读取本机私钥：sudo chown watchpost {}\n", server.private_key);
}

Words about_configuration(const MadeServer& server) {
  return say(
      "\nIn watchpost.toml, then sudo systemctl restart watchpostd:\n"
      "  [[listener]]\n"
      "  address = \"0.0.0.0\"\n"
      "  port = 8883\n"
      "  cert_file = \"{0}\"\n"
      "  key_file = \"{1}\"\n",
      "\n写入 watchpost.toml，然后运行 sudo systemctl restart watchpostd：\n"
      "  [[listener]]\n"
      "  address = \"0.0.0.0\"\n"
      "  port = 8883\n"
      "  cert_file = \"{0}\"\n"
      "  key_file = \"{1}\"\n",
      server.certificate, server.private_key);
}

Words about_devices(const MadeAuthority& authority, const MadeServer& server) {
  return say(
      "\nDevices connect to {1}, as the certificate says, and need the authority:\n"
      "  mosquitto_pub -h {1} -p 8883 --cafile {0} -t wp/in/fire/test -m '[]' -q 1\n"
      "  ESP32 (WiFiClientSecure): setCACert() with the text of {0}, and its clock set (NTP) "
      "before "
      "it connects\n"
      "  Phone: open {0} there and install it as a CA certificate; on an iPhone switch it on in "
      "Settings > General > About > Certificate Trust Settings. Compare the SHA-256\n",
      "\n设备按证书里的名称或地址连接 {1}，并需要 CA 证书：\n"
      "  mosquitto_pub -h {1} -p 8883 --cafile {0} -t wp/in/fire/test -m '[]' -q 1\n"
      "  ESP32（WiFiClientSecure）：把 {0} 的内容交给 setCACert()，连接前先校时（NTP）\n"
      "  手机：在手机上打开 {0}，安装为 CA 证书；iPhone 还要在 设置 > 通用 > 关于本机 > "
      "证书信任设置 "
      "中启用。请核对 SHA-256 指纹\n",
      authority.certificate, server.reached_by);
}

}  // namespace

std::string page_of(const MadeAuthority& authority, const MadeServer& server, Language language) {
  std::string page;
  for (const Words& words : {about_authority(authority), about_server(server), about_rights(server),
                             about_configuration(server), about_devices(authority, server)}) {
    page += words.in(language);
  }
  return page;
}

std::string page_of_renewal(const MadeServer& server, const std::string& kept_as,
                            Language language) {
  return about_server(server).in(language) +
         say("The key is the same, the old certificate is {}. The service uses the new one within "
             "half a minute; nobody is disconnected, and devices need nothing new.\n",
             "私钥不变，旧证书保存为 {}。服务会在半分钟内用上新证书；不会断开任何客户端，设备也不"
             "需要改动。\n",
             kept_as)
             .in(language);
}

std::string page_of(const MadeAuthority& authority, const MadeClient& client, Language language) {
  return say("For the device {2}, until {3}:\n"
             "  {0}\n"
             "  {1}   give it to this device only\n"
             "In the [[listener]]: ca_file = \"{4}\"; with use_identity_as_username = true the "
             "name "
             "{2} is its user name.\n"
             "  mosquitto_pub ... --cafile {4} --cert {0} --key {1}\n",
             "设备 {2} 的证书，有效期至 {3}：\n"
             "  {0}\n"
             "  {1}   只给这台设备\n"
             "在 [[listener]] 段：ca_file = \"{4}\"；设 use_identity_as_username = true 时，名称 "
             "{2} 就是它的用户名。\n"
             "  mosquitto_pub ... --cafile {4} --cert {0} --key {1}\n",
             client.certificate, client.private_key, client.name, client.last_day,
             authority.certificate)
      .in(language);
}

}  // namespace watchpost::cli
