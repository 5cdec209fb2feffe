#include "outputs/robot_signature.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace watchpost::outputs {
namespace {

template <class Unit>
auto since_1970(WallTime now) {
  return std::chrono::duration_cast<Unit>(now.time_since_epoch()).count();
}

// The characters of Base64 that mean something else in a query.
std::string in_query(std::string_view base64) {
  std::string out;
  for (const char one : base64) {
    switch (one) {
      case '+':
        out += "%2B";
        break;
      case '/':
        out += "%2F";
        break;
      case '=':
        out += "%3D";
        break;
      default:
        out += one;
    }
  }
  return out;
}

std::string dingtalk_signature(const Signing& signing) {
  const auto time = since_1970<std::chrono::milliseconds>(signing.now);
  const std::string message = fmt::format("{}\n{}", time, signing.secret);
  return fmt::format("timestamp={}&sign={}", time,
                     in_query(to_base64(hmac_sha256({signing.secret, message}))));
}

// The text is the key here, and nothing is the message.
std::string feishu_signature(const Signing& signing) {
  const auto time = since_1970<std::chrono::seconds>(signing.now);
  const std::string key = fmt::format("{}\n{}", time, signing.secret);
  return fmt::format(R"("timestamp":"{}","sign":"{}",)", time, to_base64(hmac_sha256({key, {}})));
}

}  // namespace

void sign(Post& post, BodyForm form, const Signing& signing) {
  if (form == BodyForm::dingtalk) {
    post.target += post.target.find('?') == std::string::npos ? '?' : '&';
    post.target += dingtalk_signature(signing);
  } else if (form == BodyForm::feishu) {
    post.content.insert(1, feishu_signature(signing));
  }
}

}  // namespace watchpost::outputs
