/* Draws the charts of the page of reports, and keeps its live strip fresh.
   The numbers are in the page; Chart.js is the one that the admin's theme brings. */

const LIVE_EVERY = 15_000;

/** 0.824 → "82 %", 83 → "1:23", and so on: the same words as the tables'. */
export function inWords(unit, value) {
    if (value === null || value === undefined) return "–";
    if (unit === "share") return `${Math.round(value * 100)} %`;
    if (unit === "score") return value.toFixed(1);
    if (unit === "seconds") return duration(value);
    return value.toLocaleString("en").replaceAll(",", " ");
}

export function duration(seconds) {
    if (seconds < 9.95) return `${Math.round(seconds * 10) / 10} s`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${whole} s`;
    const two = (number) => String(number).padStart(2, "0");
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** The tokens may be `light-dark(…)`: a drawn element knows which one holds now. */
function colours() {
    const probe = document.createElement("span");
    probe.hidden = true;
    document.querySelector(".reports").append(probe);
    const read = (name) => {
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
    };
    const found = {
        text: read("--text-soft"),
        line: read("--line"),
        before: read("--chart-5"),
        series: [read("--chart-1"), read("--chart-3"), read("--chart-2"), read("--chart-4")],
    };
    probe.remove();
    return found;
}

function datasets(chart, palette) {
    let next = 0;
    const drawn = chart.series.map((series) => {
        const colour = series.before ? palette.before : palette.series[next++];
        return {
            label: series.label,
            data: series.values,
            borderColor: colour,
            backgroundColor: series.before && chart.kind === "bar" ? "transparent" : colour,
            borderWidth: series.before ? 1.5 : 2,
            borderDash: series.before ? [4, 4] : [],
            borderRadius: 2,
            pointRadius: series.before ? 0 : 2,
            pointHitRadius: 12,
            tension: 0.25,
            spanGaps: false,
            maxBarThickness: 28,
        };
    });
    return drawn;
}

/** "The customer asked for a person" → lines of about `width` letters, for a narrow axis. */
export function inLines(text, width = 18) {
    const lines = [""];
    for (const word of text.split(" ")) {
        const last = lines.at(-1);
        if (last && last.length + word.length >= width) lines.push(word);
        else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    return lines;
}

function settings(chart, palette) {
    const lies = chart.kind === "bar" && chart.labels.length <= 6 && chart.unit === "count";
    const amounts = {
        beginAtZero: true,
        suggestedMax: chart.unit === "share" && chart.kind === "line" ? 1 : undefined,
        border: { display: false },
        grid: { color: palette.line },
        ticks: {
            color: palette.text,
            maxTicksLimit: 5,
            precision: chart.unit === "count" ? 0 : undefined,
            callback: (value) => inWords(chart.unit, value),
        },
    };
    const names = {
        border: { display: false },
        grid: { display: false },
        ticks: { color: palette.text, maxRotation: 0, autoSkip: !lies, autoSkipPadding: 12 },
    };
    return {
        type: chart.kind,
        data: {
            labels: lies ? chart.labels.map((label) => inLines(label)) : chart.labels,
            datasets: datasets(chart, palette),
        },
        options: {
            indexAxis: lies ? "y" : "x",
            animation: false,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false, axis: lies ? "y" : "x" },
            scales: lies ? { x: amounts, y: names } : { x: names, y: amounts },
            plugins: {
                legend: {
                    align: "start",
                    labels: { color: palette.text, boxWidth: 12, boxHeight: 2 },
                },
                tooltip: {
                    callbacks: {
                        title: (items) => chart.labels[items[0].dataIndex],
                        label: (item) =>
                            `${item.dataset.label}: ${inWords(chart.unit, item.raw)}`,
                    },
                },
            },
        },
    };
}

function drawAll(charts) {
    const palette = colours();
    for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
        globalThis.Chart.getChart(canvas)?.destroy();
        new globalThis.Chart(canvas, settings(charts[canvas.dataset.chart], palette));
    }
}

/** An answer that is not the strip (signed out, a proxy's page) leaves the old numbers. */
async function refresh(strip) {
    const answer = await fetch(strip.dataset.address, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(`the live numbers: ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("report-live");
    if (!fresh) throw new Error("the live numbers: not in the answer");
    const focused = [...strip.querySelectorAll("a")].indexOf(document.activeElement);
    strip.replaceChildren(...fresh.children);
    if (focused >= 0) strip.querySelectorAll("a")[focused]?.focus();
}

function keepFresh(strip) {
    setInterval(() => {
        if (document.hidden) return;
        refresh(strip)
            .then(() => strip.removeAttribute("data-stale"))
            .catch(() => strip.setAttribute("data-stale", "Not fresh: no connection"));
    }, LIVE_EVERY);
}

/** Choosing an inbox keeps the period: a preset by its name, own days by their dates. */
function followTheInbox(select) {
    select.addEventListener("change", () => {
        const address = new URL(location.href);
        if (select.dataset.preset) address.searchParams.set("period", select.dataset.preset);
        if (select.value) address.searchParams.set("inbox", select.value);
        else address.searchParams.delete("inbox");
        location.assign(address);
    });
}

function start() {
    const charts = JSON.parse(document.getElementById("report-charts").textContent);
    drawAll(charts);
    // The theme's switch changes a class of <html>; the system's, a media query.
    new MutationObserver(() => drawAll(charts)).observe(document.documentElement, {
        attributeFilter: ["class"],
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(charts));
    const strip = document.getElementById("report-live");
    if (strip) keepFresh(strip);
    const inbox = document.querySelector(".report-inbox select");
    if (inbox) followTheInbox(inbox);
}

if (globalThis.document?.getElementById("report-charts")) start();
