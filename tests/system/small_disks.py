"""Real filesystems that fail: small ones, ones that turn read-only, and one on a card that lies."""
import os
import pathlib
import shutil
import subprocess
import unittest

from harness import temp_folder


def run(*command):
    """Mounting needs root and a kernel with the device; where that is missing the test is skipped and says
    so."""
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    command = [shutil.which(command[0], path=path) or command[0], *map(str, command[1:])]
    try:
        answer = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise unittest.SkipTest(f"{command[0]} is not installed (tools/packages.txt)") from None
    if answer.returncode != 0:
        raise unittest.SkipTest(f"{' '.join(command)}: {answer.stderr.strip()}")
    return answer.stdout.strip()


def fill(ballast):
    """Fills a filesystem to the last byte."""
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65536, 4096, 1):
            try:
                while True:
                    os.write(file, bytes(size))
            except OSError:
                pass
    finally:
        os.close(file)


class Tmpfs:
    """A tmpfs of a few megabytes."""

    def __init__(self, test, size):
        self.folder = temp_folder(test)
        run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.folder)
        test.addCleanup(subprocess.run, ["umount", "-l", self.folder], capture_output=True)

    def fill(self):
        fill(self.folder / "ballast")

    def free(self):
        (self.folder / "ballast").unlink()


class Ext4:
    """ext4 on an image, as on an SD card; `image` is what remains after a power cut."""

    OPTIONS = "errors=remount-ro"  # as Debian mounts its root
    FEATURES = "has_journal"
    BLOCK = 1024

    def __init__(self, test, image, size="24M"):
        self.test, self.image = test, pathlib.Path(image)
        run("truncate", "-s", size, image)
        run("mkfs.ext4", "-q", "-E", "nodiscard,lazy_itable_init=1", "-m", "0",
            "-b", self.BLOCK, "-O", self.FEATURES, image)
        self.folder = temp_folder(test)
        self.device = attach(test, image)
        run("mount", "-o", self.OPTIONS, self.device, self.folder)
        test.addCleanup(subprocess.run, ["umount", "-l", self.folder], capture_output=True)

    def fill(self):
        fill(self.folder / "ballast")

    def free(self):
        (self.folder / "ballast").unlink()

    def break_itself(self):
        """Makes an error in the filesystem's structures: the kernel makes it read-only under its
        writers."""
        trigger = pathlib.Path("/sys/fs/ext4") / pathlib.Path(self.device).name / "trigger_fs_error"
        try:
            trigger.write_text("1")
        except OSError as error:
            raise unittest.SkipTest(f"this kernel breaks no ext4 on request: {error}") from None

    def repair(self):
        """Mends the filesystem as a person does: unmount, check, mount."""
        run("umount", self.folder)
        subprocess.run(["fsck.ext4", "-y", self.device], capture_output=True, check=False)
        run("mount", "-o", self.OPTIONS, self.device, self.folder)

    def after_power_cut(self):
        """A folder with what is really on the disk now, whatever the page cache holds."""
        copy = temp_folder(self.test) / "image"
        shutil.copyfile(self.image, copy)
        subprocess.run(["fsck.ext4", "-y", copy], capture_output=True, check=False)
        folder = temp_folder(self.test)
        run("mount", attach(self.test, copy), folder)
        self.test.addCleanup(subprocess.run, ["umount", "-l", folder], capture_output=True)
        return folder


def attach(test, image):
    device = run("losetup", "--find", "--show", image)
    test.addCleanup(subprocess.run, ["losetup", "-d", device], capture_output=True)
    return device


class ThinExt4(Ext4):
    """ext4 on a card that promises more than it has: it takes what does not fit, and loses it at fsync.

    The filesystem itself is kept out of it: no journal to give up, its structures have their blocks,
    and files are written without unwritten extents, which ext4 may leave marked as empty for good
    after a failed write (seen with Linux 6.18: "potential data loss" in dmesg).

    Each request is one page: the loop driver takes a write that was cut short for a whole one, and
    then fsync succeeds for what is lost (seen with Linux 6.18), against which no program can do
    anything.

    The kernel clears no inode tables behind the test's back: some seconds after the mount it would do so
    by punching holes into the image, and then the full card has room again.
    """
    OPTIONS = "errors=continue,dioread_lock,noinit_itable"
    FEATURES = "^has_journal"
    BLOCK = os.sysconf("SC_PAGE_SIZE")

    def __init__(self, test, promised="24M"):
        self.real = Tmpfs(test, "40m")
        image = self.real.folder / "image"
        image.write_bytes(bytes(24 << 20))
        super().__init__(test, image, promised)
        queue = pathlib.Path("/sys/block") / pathlib.Path(self.device).name / "queue"
        try:
            (queue / "max_sectors_kb").write_text(str(self.BLOCK // 1024))
        except OSError as error:
            raise unittest.SkipTest(f"this machine's loop devices cannot be limited: {error}") from None
        # The blocks of files are given back to the card; those of the filesystem's own structures stay,
        # because without them the daemon's behaviour would not matter.
        run("fstrim", self.folder)

    def fill(self):
        self.real.fill()

    def free(self):
        self.real.free()
