#include "app/tls_check.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "net/certificate_facts.hpp"
#include "net/pem_files.hpp"
#include "net/revocations.hpp"
#include "net/shared_keys.hpp"

namespace watchpost::app {
namespace {

namespace fs = std::filesystem;
using settings::say;
using settings::Words;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool holds(const std::string& text, std::string_view mark) {
  return text.find(mark) != std::string::npos;
}

// The label of a PEM block ends with this word: CERTIFICATE, RSA PRIVATE KEY, ...
bool has_block(const std::string& text, std::string_view kind) {
  return holds(text, "-----BEGIN ") && holds(text, std::string(kind) + "-----");
}

Words no_pem(std::string_view key, const fs::path& file, std::string_view kind) {
  const std::string text = text_of(file);
  const std::string name = file.string();
  if (holds(text, "-----BEGIN ")) {
    return say("{}: {} is PEM, but holds no {}: perhaps the files of two keys are exchanged",
               "{}：{} 是 PEM，但里面没有 {}：两个键的文件可能写反了", key, name, kind);
  }
  return say(
      "{}: {} is not PEM, which begins with -----BEGIN. A file in DER form is made PEM by "
      "openssl (openssl x509 -inform der -in FILE -out FILE.pem for a certificate)",
      "{}：{} 不是以 -----BEGIN 开头的 PEM。DER 格式的文件可用 openssl 转换（证书：openssl x509 "
      "-inform der -in 文件 -out 文件.pem）",
      key, name);
}

Words unreadable_key(const fs::path& key, const fs::path& certificate) {
  if (holds(text_of(key), "ENCRYPTED")) {
    return say(
        "key_file: {} has a passphrase, which nobody can type at the start: openssl pkey -in "
        "FILE -out NEW removes it",
        "key_file：{} 设有口令，启动时没有人能输入：可用 openssl pkey -in 文件 -out 新文件 去掉",
        key.string());
  }
  return say("key_file: {} is not the key of the certificate {}", "key_file：{} 不是证书 {} 的私钥",
             key.string(), certificate.string());
}

}  // namespace

std::vector<Words> check_tls_files(const NamedTlsFiles& files) {
  std::vector<Words> mistakes;
  const auto verdict = net::look_at(
      {.ca_file = files.ca_file, .cert_file = files.cert_file, .key_file = files.key_file});
  if (!verdict.ca_is_good) mistakes.push_back(no_pem("ca_file", files.ca_file, "CERTIFICATE"));
  if (files.cert_file.empty() || files.key_file.empty()) return mistakes;
  if (!verdict.certificate_is_good) {
    mistakes.push_back(no_pem("cert_file", files.cert_file, "CERTIFICATE"));
  }
  if (const auto own = net::certificate_in(files.cert_file.string()); own && own->is_over) {
    mistakes.push_back(say(
        "cert_file: the certificate {} ({}) ended on {}, by the clock of this box: have it renewed",
        "cert_file：按本机时钟，证书 {}（{}）已于 {} 到期：请更换", files.cert_file.string(),
        own->subject, own->last_day));
  }
  if (!has_block(text_of(files.key_file), "PRIVATE KEY")) {
    mistakes.push_back(no_pem("key_file", files.key_file, "PRIVATE KEY"));
    return mistakes;
  }
  if (verdict.certificate_is_good && !verdict.key_fits) {
    mistakes.push_back(unreadable_key(files.key_file, files.cert_file));
  }
  return mistakes;
}

std::vector<Words> check_listener_lists(const settings::ListenerConfig& listener) {
  std::vector<Words> mistakes;
  if (!listener.tls.crl_file.empty() && !net::revocations_in(listener.tls.crl_file.string())) {
    mistakes.push_back(no_pem("crl_file", listener.tls.crl_file, "X509 CRL"));
  }
  if (listener.tls.psk_file.empty()) return mistakes;
  if (const auto keys = net::SharedKeys::load(listener.tls.psk_file); !keys) {
    mistakes.push_back({keys.error().sentence(), keys.error().chinese});
  }
  return mistakes;
}

}  // namespace watchpost::app
