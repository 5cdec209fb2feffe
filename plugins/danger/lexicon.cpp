#include "danger/lexicon.hpp"

#include <unordered_map>
#include <vector>

#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

template <class Value>
using ByWord = std::unordered_map<std::string_view, Value>;

ByWord<NamePart> name_parts() {
  ByWord<NamePart> parts;
  for (const auto part : {NamePart::harmless, NamePart::place, NamePart::question,
                          NamePart::measure, NamePart::doubtful, NamePart::other}) {
    for (const auto word : name_words(part)) parts.emplace(word, part);
  }
  return parts;
}

ByWord<ValuePart> value_parts() {
  using enum ValuePart;
  ByWord<ValuePart> parts;
  for (const auto part : {calm, muted, test, nothing, early, warning, alarm, on, silent}) {
    for (const auto word : value_words(part)) parts.emplace(word, part);
  }
  return parts;
}

// By their first words.
ByWord<std::vector<const SubjectName*>> subjects() {
  ByWord<std::vector<const SubjectName*>> by_first;
  for (const SubjectName& name : subject_names()) {
    by_first[name.words.substr(0, name.words.find(' '))].push_back(&name);
  }
  return by_first;
}

}  // namespace

std::optional<NamePart> name_part(std::string_view word) {
  static const auto kParts = name_parts();
  const auto found = kParts.find(word);
  return found == kParts.end() ? std::nullopt : std::optional(found->second);
}

ValuePart value_part(std::string_view word) {
  static const auto kParts = value_parts();
  const auto found = kParts.find(word);
  return found == kParts.end() ? ValuePart::unread : found->second;
}

FoundSubject subject_at(std::span<const std::string_view> words, std::size_t at) {
  static const auto kSubjects = subjects();
  FoundSubject best;
  const auto found = kSubjects.find(words[at]);
  if (found == kSubjects.end()) return best;
  for (const SubjectName* name : found->second) {
    const auto count = matches(words, at, name->words);
    if (count > best.words) best = {name, count};
  }
  return best;
}

}  // namespace watchpost::danger
