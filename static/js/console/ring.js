// The time that is left, as a ring that empties and as a number.

import { h } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 17;
const ROUND = 2 * Math.PI * RADIUS;

/** `began` and `until` are moments; `over` is called once the time has run out. */
export function ring({ began, until, label = "Seconds left", over = () => {} }) {
    const ends = Date.parse(until);
    const start = Math.min(Date.parse(began) || ends - 20_000, Date.now());
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 40 40");
    svg.setAttribute("aria-hidden", "true");
    const [track, left] = ["ring__track", "ring__left"].map(circle);
    left.setAttribute("stroke-dasharray", String(ROUND));
    svg.append(track, left);
    run(left, { start, ends, over });
    return h("div", { class: "ring", role: "timer", "aria-label": label }, svg, h("count-down", { until }));
}

function circle(name) {
    const element = document.createElementNS(SVG, "circle");
    for (const [attribute, value] of [["class", name], ["cx", 20], ["cy", 20], ["r", RADIUS]]) element.setAttribute(attribute, value);
    return element;
}

function run(element, { start, ends, over }) {
    const whole = Math.max(1000, ends - start);
    const steps = Math.round(whole / 1000);
    const easing = matchMedia("(prefers-reduced-motion: reduce)").matches ? `steps(${steps})` : "linear";
    const motion = element.animate([{ strokeDashoffset: 0 }, { strokeDashoffset: ROUND }], { duration: whole, fill: "forwards", easing });
    motion.currentTime = Math.max(0, Date.now() - start);
    motion.finished.then(() => over(element), () => {});
}
