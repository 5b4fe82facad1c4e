"""The pictures of docs/performance.md. Usage: plots.py ROWS.jsonl FOLDER

Runs in an environment of its own, which has matplotlib.
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot  # noqa: E402

from bench import figures, plan  # noqa: E402
from bench.contenders import CONTENDERS  # noqa: E402
from bench.kept import Kept  # noqa: E402

# Okabe and Ito's colours, which colour-blind people can tell apart.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#56B4E9", "#999999", "#E69F00", "#CC79A7")
MARKERS = "osD^vPX"
STYLE = {
    contender.key: (color, marker)
    for contender, color, marker in zip(CONTENDERS, COLORS, MARKERS, strict=True)
}
#: Who makes and posts the same invoices; the others are in the table.
IN_GROWTH = ("ours", "contract", "best", "batch")


def draw_cost(rows, n, path):
    """CPU for each invoice at one size, split into Odoo and PostgreSQL."""
    shown = [
        c
        for c in reversed(CONTENDERS)
        if figures.get_figure(rows, c.key, n, "cpu_ms") is not None
    ]
    figure, axes = pyplot.subplots(figsize=(8, 0.9 + 0.5 * len(shown)))
    for place, contender in enumerate(shown):
        total = figures.get_figure(rows, contender.key, n, "cpu_ms")
        postgres = figures.get_figure(rows, contender.key, n, "postgres_cpu_ms")
        color = STYLE[contender.key][0]
        axes.barh(place, total - postgres, color=color)
        axes.barh(place, postgres, left=total - postgres, color=color, alpha=0.45)
        axes.text(total, place, f" {total:.1f} ms", va="center")
    axes.set_yticks(range(len(shown)), [c.label for c in shown])
    axes.set_title(f"CPU for each invoice, N = {n:,} (pale: PostgreSQL)", loc="left")
    axes.set_xlabel("milliseconds")
    axes.margins(x=0.12)
    _save(figure, path)


def draw_growth(rows, path):
    """CPU for each invoice and peak memory against N."""
    figure, (cost, memory) = pyplot.subplots(1, 2, figsize=(11, 4.2))
    for contender in CONTENDERS:
        sizes = sorted({row["n"] for row in rows if row["what"] == contender.key})
        if contender.key not in IN_GROWTH or not sizes:
            continue
        color, marker = STYLE[contender.key]
        look = {"color": color, "marker": marker, "label": contender.label}
        for axes, name in ((cost, "cpu_ms"), (memory, "rss_mib")):
            values = [figures.get_figure(rows, contender.key, n, name) for n in sizes]
            axes.plot(sizes, values, **look)
    cost.set_title("CPU for each invoice, ms", loc="left")
    memory.set_title("Peak memory of the process, MiB", loc="left")
    for axes in (cost, memory):
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel("invoices due at once")
        ticks = sorted({row["n"] for row in rows})
        axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    figure.legend(*cost.get_legend_handles_labels(), loc="lower center", ncols=4)
    figure.subplots_adjust(bottom=0.25)
    _save(figure, path)


def _save(figure, path):
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    # Without a date: the same rows give the same file.
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def main(source, folder):
    matplotlib.rcParams |= {"svg.hashsalt": "bench", "font.size": 10}
    rows = Kept(Path(source)).get("invoices")
    if not rows:
        return
    sizes = {row["n"] for row in rows}
    n = plan.REPEATED if plan.REPEATED in sizes else max(sizes)
    draw_cost(rows, n, Path(folder, "performance-cost.svg"))
    draw_growth(rows, Path(folder, "performance-growth.svg"))


if __name__ == "__main__":
    main(*sys.argv[1:])
