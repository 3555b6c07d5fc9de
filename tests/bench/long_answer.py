"""Times the report of an assessment that has a megabyte in one answer, for each kind of text, as a whole process.

Each is followed by the same with half a megabyte, in turns, so that what grows faster than the text shows as a ratio beyond 2.
Prints the figures as Markdown; exits with 1 where one is beyond what is aimed at.
"""

import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys

MEGABYTE = 1_000_000
MOST_SECONDS, MOST_MEGABYTES, MOST_GROWTH = 2.0, 300, 2.3
# An answer of the document, of these words and nothing else.
ANSWER = "Standard contractual clauses"

LETTERS = "abcdefghijklmnopqrstuvwxyz"
KINDS = {
    "letters without a space": lambda dice: dice.choice(LETTERS),
    "no-break spaces": lambda dice: dice.choice("abcdef\u00a0"),
    "soft hyphens": lambda dice: dice.choice(LETTERS) + "\u00ad",
    "combining marks": lambda dice: dice.choice(LETTERS) + chr(0x300 + dice.randrange(5)) + chr(0x323 + dice.randrange(3)),
    "emoji": lambda dice: chr(0x1F600 + dice.randrange(60)),
    "ideographs": lambda dice: chr(0x6F22 + dice.randrange(200)),
    "words of two to eight letters": lambda dice: "".join(dice.choices(LETTERS, k=dice.randrange(2, 9))) + " ",
}


def main():
    parser = argparse.ArgumentParser()
    for name in ("dpia", "document", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    document = pathlib.Path(asked.document).read_text(encoding="utf-8")
    out = pathlib.Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    if ANSWER not in document:
        sys.exit(f"the document has no answer \"{ANSWER}\"")
    print("| one megabyte of | seconds | CPU seconds | peak memory | beside half of it |")
    print("|---|---|---|---|---|")
    beyond = []
    for kind, letter in KINDS.items():
        bundles = [import_answer(asked.dpia, out, document.replace(ANSWER, text_of(letter, size), 1)) for size in (MEGABYTE // 2, MEGABYTE)]
        runs = [[report(asked.dpia, bundle, out) for bundle in bundles] for _ in range(asked.runs)]
        wall, cpu, peak = (statistics.median(whole[of] for _, whole in runs) for of in range(3))
        growth = statistics.median(whole[1] / half[1] for half, whole in runs)
        print(f"| {kind} | {wall:.2f} | {cpu:.2f} | {peak:.0f} MB | {growth:.2f} |")
        if wall > MOST_SECONDS or peak > MOST_MEGABYTES or growth > MOST_GROWTH:
            beyond.append(kind)
    if beyond:
        sys.exit(f"beyond {MOST_SECONDS} s, {MOST_MEGABYTES} MB or {MOST_GROWTH} times: {', '.join(beyond)}")


def text_of(letter, size):
    dice = random.Random(size)
    parts, length = [], 0
    while length < size:
        parts.append(letter(dice))
        length += len(parts[-1].encode())
    return "".join(parts)


def import_answer(dpia, out, text):
    document, bundle = out / "long.md", out / f"long-{len(text)}.dpia"
    document.write_text(text, encoding="utf-8")
    bundle.unlink(missing_ok=True)
    subprocess.run([dpia, "import", str(document), "-o", str(bundle)], check=True, capture_output=True)
    return bundle


def report(dpia, bundle, out):
    """Wall seconds, CPU seconds and peak memory in megabytes of one process."""
    command = [dpia, "report", str(bundle), "-o", str(out / "long.pdf"), "--missing-characters", "allow"]
    (out / "long.pdf").unlink(missing_ok=True)
    begun = os.times().elapsed
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {status}")
    return os.times().elapsed - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
