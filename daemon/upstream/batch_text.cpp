#include "upstream/batch_text.hpp"

#include <algorithm>
#include <utility>

#include "model/event_id.hpp"

namespace watchpost::upstream {
BatchText::BatchText(EventContext context, std::size_t most, ContentCoding coding)
    : context_(std::move(context)), most_(most), most_here_(most), compressor_(coding) {}

void BatchText::link_up(const LinkTerms& terms) {
  Publication frame;
  // Telemetry has the longest name of the classes that go in batches.
  frame.topic = context_.gateway.topics().batch(EventClass::telemetry);
  frame.payload = "[]";
  frame.content_type = kBatchContentType;
  frame.content_encoding = to_string(compressor_.coding());
  const std::size_t around = size_of(frame);
  most_here_ =
      std::min(most_, terms.maximum_packet_size - std::min(terms.maximum_packet_size, around));
}

bool BatchText::add(Publication& publication, const Record& record) {
  std::string& text = publication.payload;
  // An event is a JSON object, so this tells one event from a batch that has begun.
  const std::size_t opened = text.starts_with('[') ? 1 : 0;
  // Most events are as large as the one before; such an event is not written in vain.
  if (text.size() - opened + grown_ > most_here_) {
    grown_ = 0;
    return false;
  }
  if (opened == 0) begin(text);
  const std::size_t start = text.size();
  text.push_back(',');
  append_event(text, context_, record);
  if (text.size() - 1 > most_here_) {
    text.resize(start);
    if (opened == 0) text.erase(0, 1);
    return false;
  }
  grown_ = text.size() - start;
  return true;
}

// The bracket goes in front while there is one event to be moved, and the room is taken at once.
void BatchText::begin(std::string& text) const {
  std::string batch;
  batch.reserve(std::max(text.size(), most_here_) + 2);
  batch.push_back('[');
  batch += text;
  text = std::move(batch);
}

void BatchText::finish(Publication& publication, EventClass event_class) {
  publication.topic = context_.gateway.topics().batch(event_class);
  publication.content_type = kBatchContentType;
  publication.payload.push_back(']');
  if (compressor_.coding() == ContentCoding::none) return;
  std::string compressed = compressor_.compressed(publication.payload);
  if (compressed.size() >= publication.payload.size()) return;
  publication.payload = std::move(compressed);
  publication.content_encoding = to_string(compressor_.coding());
}

}  // namespace watchpost::upstream
