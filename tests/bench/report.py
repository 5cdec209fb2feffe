"""Prints the measurements as JSON, and as tables with medians."""
import datetime
import os
import pathlib
import platform
import statistics
import subprocess

from figures import FIGURES

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def output_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SOURCE)
    return done.stdout.strip()


def filesystem_of(folder):
    """The type of the file system as the kernel mounted it: ext4, f2fs, tmpfs."""
    mounts = [line.split() for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    parents = [str(parent) for parent in (pathlib.Path(folder) / "x").resolve().parents]
    inside = [mount for mount in mounts if mount[1] in parents]
    return max(inside, key=lambda mount: len(mount[1]))[2]


def machine(folder):
    processors = [line.partition(":")[2].strip()
                  for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")]
    return {
        "commit": output_of("git", "describe", "--always", "--dirty"),
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes"),
        "processor": processors[0] if processors else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "filesystem": filesystem_of(folder),
        "load_average_before": os.getloadavg()[0],
    }


class Medians:
    """The median of each number of each contender of each measurement."""

    def __init__(self, results):
        self.results = results

    def contenders(self, measurement):
        return list(self.results.get(measurement, {}))

    def __call__(self, measurement, contender, key):
        runs = self.results.get(measurement, {}).get(contender, [])
        values = [run[key] for run in runs if key in run]
        return statistics.median(values) if values else None

    def ratio(self, measurement, contender, other, key):
        """The median ratio of runs that took turns: a slow moment of the machine hits both runs of
        a pair."""
        pairs = zip(*(self.results[measurement][one] for one in (contender, other)), strict=False)
        return statistics.median(one[key] / two[key] for one, two in pairs if two.get(key))


def cell(form, value):
    return " – |" if value is None else f" {form.format(value)} |"


def figure_table(name, medians):
    figure = FIGURES[name]
    rows = [row for row in figure.rows if medians.contenders(row.measurement)]
    contenders = list(dict.fromkeys(
        contender for row in rows for contender in medians.contenders(row.measurement)))
    lines = [f"### {name}: {figure.title}" if len(name) == 1 else f"### {figure.title}", ""]
    if figure.target:
        lines += [f"Target: {figure.target}.", ""]
    lines.append("| |" + "".join(f" {contender} |" for contender in contenders))
    lines.append("|---|" + "---:|" * len(contenders))
    for row in rows:
        values = [medians(row.measurement, contender, row.key) for contender in contenders]
        lines.append(f"| {row.label} |" + "".join(cell(row.form, value) for value in values))
    return lines + [""]


def goal_lines(name, medians, variants):
    for what, other, measurement, key, wanted, sign in FIGURES[name].goals:
        for variant in variants:
            seen = medians(measurement, variant, key)
            beside = medians(measurement, other, key) if other else wanted
            if seen is None or not beside:
                continue
            target = f"{sign} {wanted:g}" if other is None else f"{sign} {wanted or 1:g} × {other}"
            if wanted is None:
                target = f"{other} + one sync"
            compared = f"{beside:,.2f}" if other else ""
            ratio = medians.ratio(measurement, variant, other, key) if other else seen / beside
            yield (f"| {name} | {what} | {variant} | {target} | {seen:,.2f} | {compared} |"
                   f" {ratio:.2f} |")


def markdown(document, shown, variants):
    medians = Medians(document["results"])
    lines = ["| figure | | contender | target | seen | other | ratio |",
             "|---|---|---|---|---:|---:|---:|"]
    for name in shown:
        lines += goal_lines(name, medians, variants)
    lines.append("")
    for name in shown:
        lines += figure_table(name, medians)
    facts = document["machine"]
    runs = {len(one) for taken in document["results"].values() for one in taken.values()}
    lines.append("Ratios are medians of the ratios of runs that took turns.")
    lines.append(f"Commit {facts['commit']}, {facts['processor']}, {facts['cores']} cores, kernel "
                 f"{facts['kernel']}, stores on {facts['filesystem']}; medians of "
                 f"{' or '.join(str(count) for count in sorted(runs, reverse=True))} alternating "
                 f"runs of {document['options']['seconds']:g} s.")
    return "\n".join(lines) + "\n"
