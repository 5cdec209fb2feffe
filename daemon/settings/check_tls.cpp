#include "settings/check_tls.hpp"

namespace watchpost::settings {

std::vector<KeyMistake> check_key_pair(const std::function<bool(std::string_view)>& given) {
  const bool has_certificate = given("cert_file");
  if (has_certificate == given("key_file")) return {};
  return {{has_certificate ? "cert_file" : "key_file",
           say("cert_file and key_file belong together, and one is missing",
               "cert_file 和 key_file 要一起写，现在缺一个"),
           say("Add {}", "请加上 {}", has_certificate ? "key_file" : "cert_file")}};
}

std::vector<KeyMistake> check_listener_tls(const ListenerConfig& listener,
                                           const std::function<bool(std::string_view)>& given) {
  std::vector<KeyMistake> mistakes = check_key_pair(given);
  if (given("ca_file") && !given("cert_file")) {
    mistakes.push_back({"ca_file",
                        say("clients show their certificates over TLS only, and this [[listener]] "
                            "is without TLS",
                            "客户端只在使用 TLS 时出示证书，而这段 [[listener]] 没有启用 TLS"),
                        say("Add cert_file and key_file (`watchpost cert` makes them), or remove "
                            "this key",
                            "请加上 cert_file 和 key_file（可用 `watchpost cert` 生成），或删掉这"
                            "个键")});
  }
  const Words need =
      say("Add ca_file, the file of who signs the clients' certificates, or remove "
          "this key",
          "请加上 ca_file（签发客户端证书的机构的文件），或删掉这个键");
  if (given("client_certificates") && !given("ca_file")) {
    mistakes.push_back({"client_certificates",
                        say("no client is asked for a certificate without ca_file",
                            "没有 ca_file，就不会要求任何客户端出示证书"),
                        need});
  }
  if (given("crl_file") && !given("ca_file")) {
    mistakes.push_back({"crl_file",
                        say("no client is asked for a certificate without ca_file",
                            "没有 ca_file，就不会要求任何客户端出示证书"),
                        need});
  }
  if (listener.use_identity_as_username && !given("ca_file") && !given("psk_file")) {
    mistakes.push_back(
        {"use_identity_as_username",
         say("without ca_file or psk_file no client shows a name that could be used",
             "没有 ca_file 或 psk_file，客户端没有可用的名称"),
         say("Add ca_file, the file of who signs the clients' certificates, or psk_file, the "
             "keys shared with them; or remove this key",
             "请加上 ca_file（签发客户端证书的机构的文件）或 "
             "psk_file（与客户端共享的密钥），或删掉这个键")});
  }
  return mistakes;
}

}  // namespace watchpost::settings
