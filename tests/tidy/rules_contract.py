"""The event contract is spelled in model/event_*, and nowhere else in the daemon."""
import re

_HOME = 'daemon/model/event_'
# A sentence for people may contain the Topic Filter of all events.
_WORDS = re.compile(r'wp/v1(?!/#)|^"wp/v1/#"$|cn\.watchpost\.|urn:watchpost:|gateway/online'
                    r'|^"(?:rcpt|cmd|batch)"$|cloudevents(?:-batch)?\+json')


def check_contract(source, _tables):
    if not source.path.startswith('daemon/') or source.path.startswith(_HOME):
        return
    for offset, literal in source.literals:
        if match := _WORDS.search(literal):
            yield source.line(offset), 'contract', (
                f'{match.group(0)} is a word of the event contract: use model/event_topic.hpp or '
                'model/event_id.hpp')
