// Draws every <table data-chart="bar|line">: the first column the label (its link is followed on a click), the others series.
// data-across: bars lie. The table stays in the page, under the chart, for whoever wants the numbers or cannot see a chart.
"use strict";
(() => {
  const style = getComputedStyle(document.documentElement);
  const ink = (name) => style.getPropertyValue(name).trim();
  const COLOURS = [ink("--accent"), "#b4631f", "#5b7f3a", "#7a4d8f", "#a03b4a", "#3d6fb0"];
  const numbers = document.documentElement.lang.startsWith("zh") ? "查看数字" : "Show the numbers";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const number = (cell) => {
    const text = cell.textContent.replace(/[,\s]/g, "");
    return text === "" || Number.isNaN(parseFloat(text)) ? null : parseFloat(text);
  };

  function draw(table) {
    const rows = [...table.tBodies[0].rows];
    if (table.dataset.drawn || rows.length === 0) return;
    table.dataset.drawn = "1";
    const across = "across" in table.dataset;
    const line = table.dataset.chart === "line";
    const labels = rows.map((row) => row.cells[0].textContent.trim());
    const links = rows.map((row) => row.cells[0].querySelector("a")?.href);
    const datasets = [...table.tHead.rows[0].cells].slice(1).map((head, n) => ({
      label: head.textContent.trim(),
      data: rows.map((row) => number(row.cells[n + 1])),
      backgroundColor: COLOURS[n % COLOURS.length],
      borderColor: COLOURS[n % COLOURS.length],
      borderWidth: line ? 2 : 0,
      tension: 0.2,
      maxBarThickness: 28,
    }));

    const figure = document.createElement("figure");
    figure.className = "chart";
    const box = document.createElement("div");
    box.className = "canvas";
    if (across) box.style.height = `${rows.length * 22 + 36}px`;
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", table.caption ? table.caption.textContent.trim() : datasets.map((set) => set.label).join(", "));
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = numbers;
    table.before(figure);
    box.append(canvas);
    details.append(summary, table);
    figure.append(box, details);

    Chart.defaults.font.family = ink("--sans");
    Chart.defaults.color = ink("--soft");
    const values = { beginAtZero: true, grid: { color: ink("--line") }, ticks: { maxTicksLimit: 5, precision: 0 } };
    const names = { grid: { display: false }, ticks: { autoSkip: !across, maxRotation: 0 } };
    new Chart(canvas, {
      type: line ? "line" : "bar",
      data: { labels, datasets },
      options: {
        indexAxis: across ? "y" : "x",
        animation: still ? false : { duration: 250 },
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false, axis: across ? "y" : "x" },
        plugins: { legend: { display: datasets.length > 1 } },
        scales: across ? { x: values, y: names } : { x: names, y: values },
        onHover: (event, hits) => { canvas.style.cursor = hits.length && links[hits[0].index] ? "pointer" : ""; },
        onClick: (event, hits) => { if (hits.length && links[hits[0].index]) location.href = links[hits[0].index]; },
      },
    });
  }

  const drawn = (root) => root.querySelectorAll("table[data-chart]").forEach(draw);
  drawn(document);
  document.addEventListener("charts", (event) => drawn(event.target)); // tables that came later
})();
