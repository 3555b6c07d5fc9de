"""Times the printing of one report beside Typst's, in one run: the same words, the same number of pages, both tagged.

The words are read back from the structure of our own PDF and set with Typst in the same page geometry and typefaces, so
neither side has less to say. Prints the figures as Markdown; exits with 1 where the two do not set the same pages.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

TYPST = """
#set document(title: "{title}", author: "Juniper Education", date: none)
#set text(lang: "en", region: "GB", font: "Source Sans 3", size: 10.5pt, fill: rgb("#182225"), hyphenate: false)
#set par(leading: 9.1pt, spacing: {spacing}pt)
#set page(paper: "a4", margin: (left: 70mm, right: 20mm, top: 34mm, bottom: 26mm),
  header: context if counter(page).get().first() > 1 {{ place(dx: -50mm)[#text(9pt)[{title}]]; text(9pt)[Data Protection Impact Assessment] }},
  footer: context [#place(dx: -50mm)[#text(9pt)[Page #counter(page).display() of #counter(page).final().first()]]#text(8.5pt)[{title}]])
#show heading.where(level: 1): it => [#pagebreak(weak: true)#text(28pt, font: "Source Serif 4", weight: "semibold", it.body)#v(6pt)#place(dx: -50mm, line(length: 170mm, stroke: 1.4pt))#v(12pt)]
#show heading.where(level: 2): it => [#v(8pt)#place(dx: -50mm, block(width: 42mm, text(14pt, weight: "semibold", it.body)))]
#show heading.where(level: 3): it => block(above: 14pt, below: 6pt, text(11.5pt, weight: "semibold", it.body))
#show link: underline
#set table(stroke: none, inset: (x: 2mm, y: 5pt))
#let box-of = box(width: 3.7mm, height: 3.7mm, stroke: 0.9pt, radius: 0.5mm)
#let ticks(..items) = for item in items.pos() {{ block(below: {spacing}pt / 2, above: {spacing}pt / 2)[#place(dx: -7mm, box-of)#item] }}
"""

INNER = """
import sys, time, typst
source, out, fonts = sys.argv[1:]
started = time.perf_counter()
typst.compile(source, output=out, font_paths=[fonts], ignore_system_fonts=True, pdf_standards=["ua-1"])
print((time.perf_counter() - started) * 1000)
"""


def main():
    asked = parse_arguments()
    out = pathlib.Path(asked.out)
    out.mkdir(parents=True, exist_ok=True)
    ours = out / "ours.pdf"
    print_ours(asked, ours)
    source, theirs = out / "typst.typ", out / "typst.pdf"
    (out / "compile.py").write_text(INNER, encoding="utf-8")
    compile_theirs = [sys.executable, str(out / "compile.py"), str(source), str(theirs), asked.fonts]
    # The space between its paragraphs is widened until both set as many pages.
    for spacing in range(14, 40):
        source.write_text(write_typst(ours, spacing), encoding="utf-8")
        measure(compile_theirs)
        if page_count(theirs) >= page_count(ours):
            break

    rows = {"ours": [], "typst": []}
    compiles = []
    for _ in range(asked.runs):  # in turns, so that what else the machine does falls on both
        rows["ours"].append(measure(ours_command(asked, ours))[:2])
        wall, peak, said = measure(compile_theirs)
        rows["typst"].append((wall, peak))
        compiles.append(float(said))
    pages = {name: page_count(path) for name, path in (("ours", ours), ("typst", theirs))}
    cost = json.loads(subprocess.run([asked.cost, asked.bundle, asked.identity, str(asked.copies)], check=True, capture_output=True).stdout)
    say(asked, rows, compiles, pages, {"ours": ours, "typst": theirs}, cost)
    if pages["ours"] != pages["typst"]:
        sys.exit(f"the two do not set the same pages: {pages}")


def parse_arguments():
    parser = argparse.ArgumentParser()
    for name in ("dpia", "cost", "bundle", "identity", "fonts", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--copies", type=int, default=1000)
    return parser.parse_args()


def ours_command(asked, path):
    command = [asked.dpia, "report", asked.bundle, "-o", str(path), "--copy", "customer", "--client", "Example Academy Trust"]
    return command + ["--sign", asked.identity]


def print_ours(asked, path):
    subprocess.run(ours_command(asked, path), check=True, stderr=subprocess.DEVNULL)


def measure(command):
    """Wall time in ms, peak memory in MB and what was printed, of a process of its own."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = (time.perf_counter() - started) * 1000
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}")
    return wall, usage.ru_maxrss / 1024, said.decode()


def page_count(path):
    said = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    if "Tagged:          yes" not in said:
        sys.exit(f"{path} is not tagged")
    return int(re.search(r"Pages:\s+(\d+)", said).group(1))


def write_typst(path, spacing):
    """The words of a PDF, element by element, as Typst source."""
    said = subprocess.run(["pdfinfo", "-struct-text", str(path)], check=True, capture_output=True, text=True).stdout
    return set_elements(parse_structure(said), spacing)


def parse_structure(said):
    """The elements as nested lists: [role, children or text…]."""
    root, stack = ["Root"], []
    for line in said.splitlines():
        words = line.strip()
        if not words or words.startswith("/") or words.startswith("Object "):
            continue
        depth = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= depth:
            stack.pop()
        parent = stack[-1][1] if stack else root
        if words.startswith('"'):
            parent.append(words.strip('"'))
            continue
        node = [words.split()[0].rstrip(":")]
        parent.append(node)
        stack.append((depth, node))
    return root


def text_of(node):
    return "".join(text_of(child) if isinstance(child, list) else child for child in node[1:])


def quote(text):
    return "#" + json.dumps(text, ensure_ascii=False).replace("\\/", "/") + " "


def set_elements(root, spacing):
    title = "Report"
    lines = []

    def walk(node):
        nonlocal title
        role = node[0]
        words = text_of(node)
        if role in ("H1", "H2", "H3"):
            lines.append(f"#heading(level: {role[1]}, [{quote(words)}])")
        elif role == "P":
            if words.strip():
                lines.append(f"#par[{quote(words)}]")
        elif role == "L":
            items = [text_of(item[-1]) for item in node[1:] if isinstance(item, list)]
            lines.append("#ticks(" + ", ".join(f"[{quote(item)}]" for item in items) + ")")
        elif role == "Table":
            rows = [row for row in node[1:] if isinstance(row, list)]
            columns = max(len([cell for cell in row[1:] if isinstance(cell, list)]) for row in rows)
            cells = []
            for row in rows:
                inner = [f"[{quote(text_of(cell))}]" for cell in row[1:] if isinstance(cell, list)]
                is_head = any(isinstance(cell, list) and cell[0] == "TH" for cell in row[1:])
                cells.append("table.header(" + ", ".join(inner) + ")" if is_head else ", ".join(inner))
            lines.append(f"#pad(left: -50mm, table(columns: (1fr,) * {columns}, " + ", ".join(cells) + "))")
        elif role == "TOC":
            if not any(line == "#outline-here" for line in lines):
                lines.append("#outline-here")
        elif role in ("Figure", "Form"):
            pass
        else:
            for child in node[1:]:
                if isinstance(child, list):
                    walk(child)

    walk(root)
    sects = [child for child in root[1][1:] if isinstance(child, list)] if isinstance(root[1], list) else []
    if sects:
        first = [child for child in sects[0][1:] if isinstance(child, list) and child[0] == "P"]
        title = text_of(first[0]) if first else title
    # The back is on a page of its own, as ours does.
    back = text_of(sects[-1]) if sects else ""
    body = "\n".join(lines).replace("#outline-here", '#outline(title: none, depth: 2)')
    marker = [line for line in lines if quote(back[:20])[2:20] in line]
    if marker:
        body = body.replace(marker[-1], "#pagebreak()\n" + marker[-1])
    return TYPST.format(spacing=spacing, title=title.replace('"', "'")) + body + "\n"


def say(asked, rows, compiles, pages, paths, cost):
    median = {name: (statistics.median(row[0] for row in found), max(row[1] for row in found)) for name, found in rows.items()}
    compile_time = statistics.median(compiles)
    size = {name: path.stat().st_size / 1000 for name, path in paths.items()}
    ours, typst = median["ours"], median["typst"]
    print(f"Machine: {cpu_name()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; medians of {asked.runs} runs in turns.\n")
    print("| | DPIA Editor | Typst | ratio |")
    print("|---|---|---|---|")
    print(f"| pages, tagged | {pages['ours']} | {pages['typst']} | |")
    print(f"| whole process | {ours[0]:.1f} ms, signed | {typst[0]:.1f} ms, not signed, Python's start in it | {ours[0] / typst[0]:.2f} |")
    print(f"| whole process to first compile in a fresh one | {ours[0]:.1f} ms | {compile_time:.1f} ms | {ours[0] / compile_time:.2f} |")
    print(f"| peak memory | {ours[1]:.1f} MB | {typst[1]:.1f} MB | {ours[1] / typst[1]:.2f} |")
    print(f"| file | {size['ours']:.0f} kB, the assessment inside | {size['typst']:.0f} kB | {size['ours'] / size['typst']:.2f} |")
    warm = cost["warm_ms"]
    print(f"| warm, in one process | {warm:.1f} ms | – | {warm / compile_time:.2f} of Typst's compile |")
    each = cost["copy_ms_per_core"]
    print(f"| {cost['copies']} client copies, signed | {each:.2f} ms each per core ({cost['threads']} threads) | – | {each / compile_time:.2f} of Typst's compile |")
    steps = sorted(cost["steps"].items(), key=lambda item: -item[1])
    print("\nThe three biggest costs of one warm report: " + "; ".join(f"{name} {value:.1f} ms" for name, value in steps[:3]) + ".")


def cpu_name():
    try:
        found = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
        return found.group(1) if found else platform.machine()
    except OSError:
        return platform.machine()


if __name__ == "__main__":
    main()
