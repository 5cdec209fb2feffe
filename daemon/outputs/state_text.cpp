#include "outputs/state_text.hpp"

#include <algorithm>
#include <string>

namespace watchpost::outputs {
namespace {

std::string without_space(std::string_view text) {
  std::string left;
  std::copy_if(text.begin(), text.end(), std::back_inserter(left),
               [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
  return left;
}

}  // namespace

bool says_so(std::string_view payload, StateText wanted_text) {
  constexpr std::size_t kMost = 64 * 1'024;
  if (payload.size() > kMost) return false;
  const std::string said = without_space(payload);
  const std::string wanted = without_space(wanted_text.text);
  return said == wanted || (said.starts_with('{') && said.find(wanted) != std::string::npos);
}

}  // namespace watchpost::outputs
