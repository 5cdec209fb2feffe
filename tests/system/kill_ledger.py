"""The ledger of the kill loop: compares acknowledged messages with those that arrived.

A message costs one byte and an event eight, whatever the number of rounds; each arrival is judged the
moment it comes, so a run of thousands of rounds is checked from the first to the last without pauses.
"""
import array
import hashlib
import json

ACKNOWLEDGED = 0x80
MOST_COUNTED = 0x7F


class Broken(AssertionError):
    """A promise was broken; the text says which one, and for which message."""


class Numbers:
    """The messages of one client by number: whether acknowledged, and the ids under which they arrived."""

    def __init__(self, once):
        self.once = once  # QoS 2 through the listener: one record, hence one id, for each message
        self.marks = bytearray()
        self.acknowledged = self.arrived = self.repeated = self.awaited = 0

    def _room(self, number):
        if number >= len(self.marks):
            self.marks.extend(bytes(number + 1024 - len(self.marks)))

    def acknowledge(self, number):
        self._room(number)
        if self.marks[number] & ACKNOWLEDGED:
            return
        self.acknowledged += 1
        self.awaited += not self.marks[number]
        self.marks[number] |= ACKNOWLEDGED

    def arrive(self, number, name):
        """Notes an arrival under an id that was not seen before."""
        self._room(number)
        before = self.marks[number]
        if before & MOST_COUNTED:
            self.repeated += 1
            if self.once:
                raise Broken(f"QoS 2 message {name}-{number} was recorded twice")
        else:
            self.arrived += 1
            self.awaited -= bool(before & ACKNOWLEDGED)
        if before & MOST_COUNTED < MOST_COUNTED:
            self.marks[number] += 1

    def missing(self):
        return [n for n, mark in enumerate(self.marks) if mark == ACKNOWLEDGED]


class Log:
    """The sequence of one class: a digest for each number, so that a repeat can be told from a changed
    event."""

    def __init__(self):
        self.digests = array.array("Q")
        self.distinct = 0

    def arrive(self, seq, digest):
        """True for a number not seen before; None for a repeat that differs."""
        while len(self.digests) < seq:
            self.digests.append(0)
        known = self.digests[seq - 1]
        if known:
            return False if known == digest else None
        self.digests[seq - 1] = digest
        self.distinct += 1
        return True

    def gaps(self):
        return [seq for seq, digest in enumerate(self.digests, 1) if not digest]


class Ledger:
    def __init__(self):
        self.clients = {}
        self.logs = {}
        self.arrivals = self.repeats = 0
        self.telemetry = 0
        self.alarms = {}  # (client, number) -> telemetry seen when it was acknowledged
        self.most_before_an_alarm = 0
        self.changes = {}  # (epoch, number) of an alarm -> its newest change: count, state, whether it is open
        self.subscribers = {}  # lasting sessions at the gateway itself -> client -> Numbers

    def add(self, client, once):
        self.clients[client] = Numbers(once)

    def add_subscriber(self, subscriber, once, of):
        """Expects of each client in `of` what the gateway acknowledges to it; `once` where QoS 2 goes in
        and out."""
        self.subscribers[subscriber] = {c: Numbers(once and self.clients[c].once) for c in of}

    def acknowledge(self, client, number, alarm):
        numbers = self.clients[client]
        numbers.acknowledge(number)
        for expected in self.subscribers.values():
            if client in expected:
                expected[client].acknowledge(number)
        if alarm and not numbers.marks[number] & MOST_COUNTED:
            self.alarms[client, number] = self.telemetry

    def outstanding(self, client):
        """Messages that were acknowledged and have not arrived at the street or at a subscriber."""
        return max(numbers[client].awaited for numbers in self._everybody() if client in numbers)

    def _everybody(self):
        return [self.clients, *self.subscribers.values()]

    def arrive_at(self, subscriber, payload):
        """Notes a message that a subscriber of the gateway got as its publisher sent it."""
        client, _, number = nonce_in(json.loads(payload)).rpartition("-")
        self.subscribers[subscriber][client].arrive(int(number), client)

    def arrive(self, payload):
        event = json.loads(payload)
        self.arrivals += 1
        epoch, _, _ = event["id"].partition(".")
        # Each start begins an epoch of its own; an epoch that begins for another reason would mean damage.
        if event["type"].endswith(".gateway.store.v1") and event["data"]["reason"] != "start":
            raise Broken(f"the store began epoch {epoch} although nothing was damaged: {event['data']}")
        event_class, seq = event["wpclass"], int(event["sequence"])
        if event["id"] != f"{epoch}.{event_class[0]}.{seq}":
            raise Broken(f"{event['id']} has sequence {seq} of {event_class}")
        digest = int.from_bytes(hashlib.blake2b(payload, digest_size=8).digest(), "big") | 1
        news = self.logs.setdefault(event_class, Log()).arrive(seq, digest)
        if news is None:
            raise Broken(f"a repeat of {event['id']} differs from the first: {payload!r}")
        if not news:
            self.repeats += 1
            return
        self.telemetry += event_class == "telemetry"
        self._note_change(event)
        self._count(event)

    def _note_change(self, event):
        alarm = event["data"].get("alarm")
        if alarm is None:
            return
        key = alarm["epoch"], alarm["number"]
        if alarm["transition"] > self.changes.get(key, (0,))[0]:
            self.changes[key] = alarm["transition"], alarm["state"], alarm["open"]

    def open_alarms(self):
        """By what came to the street alone: number and state of each alarm that is open."""
        return {key: state for key, (_, state, is_open) in self.changes.items() if is_open}

    def _count(self, event):
        nonce = nonce_in(event["data"].get("raw"))
        if nonce is None:
            return
        client, _, number = nonce.rpartition("-")
        number = int(number)
        self.clients[client].arrive(number, client)
        since = self.alarms.pop((client, number), None)
        if since is None:
            return
        # This is reported, not judged: telemetry that this reader had not read yet counts too, because the
        # gateway is faster. test_bounds.py judges whether alarms overtake, where the street stands still.
        self.most_before_an_alarm = max(self.telemetry - since, self.most_before_an_alarm)

    def is_complete(self):
        return all(not n.awaited for numbers in self._everybody() for n in numbers.values())

    def missing(self):
        """By place and client the first of what was acknowledged and has not arrived."""
        places = {"the street": self.clients, **self.subscribers}
        return {place: {client: numbers.missing()[:20] for client, numbers in clients.items()
                        if numbers.awaited}
                for place, clients in places.items()}

    def read_at_the_gateway(self):
        return sum(n.arrived for clients in self.subscribers.values() for n in clients.values())

    def totals(self):
        return (sum(n.acknowledged for n in self.clients.values()),
                sum(n.repeated for n in self.clients.values()))

    def check(self):
        """Checks what can only be said at a moment of rest: nothing is missing, and no sequence has a
        gap."""
        for place, clients in self.missing().items():
            for client, numbers in clients.items():
                raise Broken(f"acknowledged messages of {client} never arrived at {place}: {numbers}")
        for event_class, log in self.logs.items():
            if log.distinct != len(log.digests):
                raise Broken(f"{event_class} has gaps at {log.gaps()[:5]}")


def nonce_in(raw):
    if isinstance(raw, dict):
        return raw.get("nonce")
    if isinstance(raw, list):
        return next((entry["vs"] for entry in raw if entry.get("n") == "nonce"), None)
    return None
