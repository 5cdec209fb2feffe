"""Taps of patrol tags, and devices that were never seen to raise an alarm, with the real daemon."""
import json
import os
import shutil
import subprocess
import unittest

import jsonschema

from harness import BUILD, SOURCE, Daemon, Mosquitto, Publisher, Subscriber, temp_folder, wait_until

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
UID = bytes.fromhex("04DE5F1EACC040")
META = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
MASTER = bytes.fromhex("5ACE7E50AB65D5D51FD5BF5A16B8205B")


def openssl(*arguments, text):
    return subprocess.run(["openssl", *arguments], input=text, check=True, capture_output=True, timeout=20).stdout


def cmac(key, text):
    return bytes.fromhex(openssl("mac", "-cipher", "AES-128-CBC", "-macopt", f"hexkey:{key.hex()}", "CMAC",
                                 text=text).decode().strip())


def own_key():
    """AN10922 section 2.2 with the UID and five bytes: 0x01 and 12 bytes, filled to 32, so that plain CMAC
    would be another code. Made here from the two blocks."""
    blocks = (b"\x01" + UID + bytes.fromhex("3042F50102") + b"\x80").ljust(32, b"\0")
    zero = "0" * 32

    def encrypt(text):
        return openssl("enc", "-aes-128-cbc", "-nopad", "-K", MASTER.hex(), "-iv", zero, text=text)

    subkey = int.from_bytes(encrypt(bytes(16)), "big")
    for _ in range(2):
        subkey <<= 1
        if subkey >> 128:
            subkey = (subkey & (1 << 128) - 1) ^ 0x87
    last = int.from_bytes(blocks[16:], "big") ^ subkey
    return encrypt(blocks[:16] + last.to_bytes(16, "big"))[16:]


def link(counter):
    """What the tag says at its tap number `counter` (AN12196 section 3.4)."""
    low_first = counter.to_bytes(3, "little")
    clear = b"\xC7" + UID + low_first + os.urandom(5)
    picc = openssl("enc", "-aes-128-cbc", "-nopad", "-K", META.hex(), "-iv", "0" * 32, text=clear)
    session = cmac(own_key(), bytes.fromhex("3CC300010080") + UID + low_first)
    code = cmac(session, b"")[1::2]
    return f"https://v.example/t?e={picc.hex().upper()}&c={code.hex().upper()}"


def readings(event):
    return {entry["n"]: entry.get("vb", entry.get("vs", entry.get("v"))) for entry in event["data"]["readings"]}


def flags(event):
    return event["data"].get("flags", [])


class Patrol(unittest.TestCase):
    def setUp(self):
        self.street = Mosquitto(self).start()
        self.subscriber = Subscriber(self, self.street.port)
        keys = temp_folder(self) / "tag_keys.toml"
        keys.write_text(f'[[key]]\nmeta = "{META.hex()}"\nmaster = "{MASTER.hex()}"\ninput = "3042F50102"\n')
        keys.chmod(0o600)
        self.keys = keys
        self.daemon = Daemon(self, [("street", self.street.port)],
                             extra=f'\n[patrol]\ntag_keys = "{keys}"\n').start()
        self.taps = 0

    def publish(self, topic, text):
        """Returns when it is acknowledged, so it is on the disk."""
        self.taps += 1
        nonce = f"tap {self.taps}"
        publisher = Publisher(self, self.daemon.port, f"reader-{self.taps}")
        publisher.publish(topic, text, nonce)
        wait_until(lambda: nonce in publisher.acknowledged, what="the acknowledgement of a tap")
        publisher.close()

    def scans(self, count):
        def found():
            scans = [event for topic, event in self.subscriber.records() if event["data"].get("kind") == "patrol_scan"]
            unique = list({event["id"]: event for event in scans}.values())
            return unique if len(unique) >= count else None
        return wait_until(found, what=f"{count} taps at the street")

    def watchpost(self, *arguments):
        return subprocess.run([BUILD / "watchpost", *arguments], capture_output=True, text=True, timeout=60)

    def status(self, *arguments):
        return self.watchpost("status", "--socket", self.daemon.socket, *arguments).stdout

    def test_a_tap_that_was_acknowledged_is_used_up_after_a_crash(self):
        first = link(61)
        self.publish("gate/tag", first)
        self.daemon.kill()
        self.daemon.start()
        self.publish("phone/tag", first)
        self.publish("bridge/tag", link(62))

        accepted, copied, after = self.scans(3)
        jsonschema.validate(copied, SCHEMA)
        self.assertEqual(readings(accepted)["auth"], "sun_ok")
        self.assertEqual(readings(accepted)["tag_uid"], UID.hex().upper())
        self.assertTrue(readings(accepted)["visit"])
        self.assertEqual(flags(accepted), ["first_tap"])
        self.assertEqual(copied["wpclass"], "patrol")
        self.assertEqual(flags(copied), ["replayed"])
        self.assertFalse(readings(copied)["visit"])
        self.assertTrue(readings(after)["visit"])
        self.assertEqual(flags(after), [])
        told = self.status()
        self.assertIn("used before", told)
        self.assertIn(UID.hex().upper(), told)
        self.assertNotIn(MASTER.hex(), self.daemon.process.log().lower())

    def test_every_kill_between_two_taps_leaves_each_counter_used_once(self):
        links = [link(counter) for counter in range(1, 6)]
        for tapped in links:
            self.publish("gate/tag", tapped)
            self.daemon.kill()
            self.daemon.start()
        for tapped in links:
            self.publish("other/tag", tapped)
        scans = self.scans(10)
        proven = [event for event in scans if readings(event)["auth"] == "sun_ok"]
        self.assertEqual(sorted(readings(event)["read_counter"] for event in proven), [1, 2, 3, 4, 5])
        self.assertEqual(len([event for event in scans if flags(event) == ["replayed"]]), 5)

    def test_three_publishes_of_one_tap_are_one_visit(self):
        for _ in range(3):
            self.publish("tele/gate/SENSOR", '{"PN532":{"UID":"94D8FC5F","DATA":""}}')
        scans = self.scans(3)
        self.assertEqual([readings(event)["visit"] for event in scans], [True, False, False])

    def test_a_backup_that_is_put_back_is_told_until_the_tag_was_tapped(self):
        self.publish("gate/tag", link(5))
        backup = temp_folder(self) / "backup.db"
        self.assertEqual(self.watchpost("backup", backup, "--store", self.daemon.store).returncode, 0)
        later = link(6)
        self.publish("gate/tag", later)
        self.daemon.stop()
        shutil.rmtree(self.daemon.store)
        self.daemon.store.mkdir(mode=0o700)
        shutil.copy(backup, self.daemon.store / "watchpost.db")
        self.daemon.start()
        self.assertIn("put back from a backup", self.status())
        self.daemon.kill()
        self.daemon.start()  # the doubt outlives a crash
        self.assertIn("put back from a backup", self.status())

        self.publish("phone/tag", link(5))
        self.publish("phone/tag", later)
        wait_until(lambda: [event for _, event in self.subscriber.records() if "counter_restored" in flags(event)],
                   what="the marked tap")
        self.assertNotIn("put back from a backup", self.status())
        self.assertTrue([event for event in self.scans(3) if flags(event) == ["replayed"]])

    def test_keys_that_others_can_read_stop_the_start_and_are_never_printed(self):
        self.daemon.stop()
        self.keys.chmod(0o644)
        checked = subprocess.run([BUILD / "watchpostd", "--check-config", "--config", self.daemon.config],
                                 capture_output=True, text=True, timeout=60)
        self.assertNotEqual(checked.returncode, 0)
        self.assertIn("chmod 640", checked.stdout + checked.stderr)
        self.keys.chmod(0o640)
        printed = subprocess.run([BUILD / "watchpostd", "--print-config", "--config", self.daemon.config],
                                 capture_output=True, text=True, timeout=60)
        self.assertIn(str(self.keys), printed.stdout)
        for text in (checked.stdout, checked.stderr, printed.stdout, printed.stderr):
            self.assertNotIn(MASTER.hex(), text.lower())
            self.assertNotIn(META.hex(), text.lower())

    def test_a_detector_is_not_proven_until_its_test_and_the_proof_outlives_a_crash(self):
        smoke = {"friendly_name": "kitchen", "type": "EndDevice", "supported": True, "definition": {
            "model": "M", "vendor": "V", "description": "Smoke detector", "exposes": [
                {"type": "binary", "name": "smoke", "property": "smoke", "access": 1, "value_on": True, "value_off": False},
                {"type": "binary", "name": "test", "property": "test", "access": 1, "value_on": True, "value_off": False}]}}
        self.publish("zigbee2mqtt/bridge/devices", json.dumps([smoke]))
        told = self.status()
        self.assertIn("kitchen", told)
        self.assertIn("can raise an alarm never did", told)
        self.assertIn("· ", told)
        self.assertIn("尚未证实", self.status("--lang", "zh"))
        self.publish("zigbee2mqtt/kitchen", '{"smoke":false,"test":false}')
        self.assertIn("can raise an alarm never did", self.status())
        self.assertEqual(self.watchpost("status", "--socket", self.daemon.socket, "--check").returncode, 0)
        self.daemon.kill()
        self.daemon.start()
        self.assertIn("can raise an alarm never did", self.status())

        self.publish("zigbee2mqtt/kitchen", '{"smoke":false,"test":true}')
        self.assertNotIn("can raise an alarm never did", self.status())
        self.daemon.kill()
        self.daemon.start()
        self.assertNotIn("can raise an alarm never did", self.status())
        self.publish("zigbee2mqtt/kitchen", '{"smoke":false,"test":false}')
        self.assertIn("proven by a test", self.status("--device", "kitchen"))


if __name__ == "__main__":
    unittest.main()
