// Everything here is a convenience: each page works without it.
import { initAll } from "./vendor/govuk-frontend-6.6.0/govuk-frontend.min.js";
import { watchDraft } from "./autosave.js";
import { watchThreshold } from "./matrix.js";

const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

const leave = () => location.assign(`${document.body.dataset.signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}&ended=1`);

/** Warns two minutes before the server signs an idle person out, and lets them stay. */
function watchSession({ idleSeconds, extendUrl }) {
  const dialog = document.getElementById("session-warning");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  const minutesLeft = dialog.querySelector("[data-minutes-left]");
  // The server measures idleness to within half a minute: warn by the earlier end of that.
  const idle = (Number(idleSeconds) - 30) * 1000;
  let ends = Date.now() + idle;
  const renewed = () => {
    ends = Date.now() + idle;
    if (dialog.open) dialog.close();
  };
  const extend = async () => {
    const csrf = document.querySelector("#sign-out [name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(extendUrl, { method: "POST", headers: { "X-CSRFToken": csrf }, redirect: "manual" });
      if (!answer.ok) return leave();
      renewed();
      channel?.postMessage("renewed");
    } catch {
      minutesLeft.textContent = "a moment: the portal cannot be reached, so copy anything you have not saved";
    }
  };
  // A page opened in another tab renews the same session, so every tab is told; or puts all of them on a wall screen.
  channel?.addEventListener("message", ({ data }) => (data === "renewed" ? renewed() : location.replace(data)));
  channel?.postMessage("renewed");
  // Saving while somebody types is the person too, here and in every other tab.
  document.addEventListener("portal:active", () => {
    renewed();
    channel?.postMessage("renewed");
  });
  dialog.querySelector("[data-stay]").addEventListener("click", extend);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); extend(); });
  setInterval(() => {
    const left = ends - Date.now();
    // Leave by the later end: while the server still knows the session, signing in again would only renew it.
    if (left <= -31_000) return leave();
    if (left > 120_000) return;
    if (!dialog.open) dialog.showModal();
    const words = left > 60_000 ? "2 minutes" : "1 minute";
    if (minutesLeft.textContent !== words) minutesLeft.textContent = words;
  }, 1000);
}

/** Shows only the indicators that contain every word typed; ticked ones stay. Groups left empty are hidden. */
function searchMatrix(search) {
  const input = search.querySelector("input");
  const status = search.querySelector("[data-matrix-count]");
  const rows = [...document.querySelectorAll("[data-matrix-indicator]")].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const groups = document.querySelectorAll("[data-matrix-group]");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { row, text } of rows) {
      const matches = words.every((word) => text.includes(word));
      if (matches) found += 1;
      row.hidden = !matches && !row.querySelector("input:checked");
    }
    for (const group of groups) {
      group.hidden = !group.querySelector("[data-matrix-indicator]:not([hidden])");
      if (words.length && group instanceof HTMLDetailsElement) group.open = !group.hidden;
    }
    status.textContent = words.length ? `${plural(found, "indicator")} found` : plural(rows.length, "indicator");
  };
  input.addEventListener("input", apply);
  // Enter in the search box must not send the form around it.
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  search.hidden = false;
  apply();
}

/** Says that the list has changed; never changes it under the reader. The server answers {"changed": n}. */
function watchList(box) {
  const line = box.querySelector("[role=status]");
  const pause = box.querySelector("button");
  let paused = false;
  let shown = "";
  const say = (text, link = "") => {
    if (text + link === shown) return;
    shown = text + link;
    line.textContent = text;
    if (!link) return;
    const anchor = Object.assign(document.createElement("a"), { href: location.href, textContent: link, className: "govuk-link" });
    line.append(anchor);
  };
  const ask = async () => {
    if (paused || document.hidden) return;
    try {
      const answer = await fetch(box.dataset.liveUrl, { headers: { Accept: "application/json", "X-Background": "1" }, redirect: "manual" });
      if (!answer.ok) throw new Error(answer.statusText);
      const { changed } = await answer.json();
      if (!paused) say(changed ? `${changed} new or changed – ` : "This list is up to date.", changed ? "refresh the list" : "");
    } catch {
      if (!paused) say("Updating failed. The list may be out of date – ", "refresh the list");
    }
  };
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Resume updates" : "Pause updates";
    if (paused) say("Updates are paused."); else ask();
  });
  box.hidden = false;
  say("This list is up to date.");
  setInterval(ask, Number(box.dataset.liveSeconds) * 1000);
}

/** Fetches the page again and puts its figures in the place of those that are here; what is open or has the focus stays so. */
function renew(box) {
  const line = box.querySelector("[role=status]");
  const pause = box.querySelector("button");
  const seconds = Number(document.getElementById(box.dataset.renews).dataset.renewsSeconds);
  let paused = false;
  const say = (text) => { if (line.textContent !== text) line.textContent = text; };
  const onWall = "only" in document.body.dataset;
  const idle = Number(document.body.dataset.only) * 1000;
  let renewed = Date.now();
  const put = (page) => {
    const old = document.getElementById(box.dataset.renews);
    const found = new DOMParser().parseFromString(page, "text/html");
    // Somebody has signed in meanwhile, in another window: what they may see is not for the wall.
    if (onWall && !("only" in found.body.dataset)) {
      clearInterval(timer);
      old.textContent = "This wall screen has ended: somebody has signed in at this browser since.";
      return;
    }
    const fresh = found.getElementById(box.dataset.renews);
    renewed = Date.now();
    if (!fresh) throw new Error("no figures");
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    for (const open of old.querySelectorAll("details[open]")) fresh.querySelector(`#${open.id}`)?.setAttribute("open", "");
    old.replaceWith(fresh);
    if (focused) [...fresh.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label").split(":")[0] === focused.split(":")[0])?.focus();
  };
  const ask = async () => {
    // Signed out: figures that nobody renews stay on no wall, paused or not.
    if (onWall && Date.now() - renewed > idle) return leave();
    if (paused || document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Background": "1" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") return leave();
      if (!answer.ok) throw new Error(answer.statusText);
      const page = await answer.text();
      if (paused) return;
      put(page);
      say(`These figures renew themselves every ${plural(seconds, "second")}.`);
    } catch {
      if (!paused) say("Updating failed. These figures may be out of date.");
    }
  };
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.textContent = paused ? "Resume updates" : "Pause updates";
    if (paused) say("Updates are paused."); else ask();
  });
  box.hidden = false;
  say(`These figures renew themselves every ${plural(seconds, "second")}.`);
  const timer = setInterval(ask, seconds * 1000);
}

initAll();
// On a telephone the list comes first: its filters start folded. Without JavaScript they are simply open.
if (matchMedia("(max-width: 899px)").matches) document.querySelectorAll("[data-filter]").forEach((filter) => { filter.open = false; });
if (document.body.dataset.idleSeconds) watchSession(document.body.dataset);
if ("only" in document.body.dataset && "BroadcastChannel" in window) new BroadcastChannel("session").postMessage(location.pathname);
watchDraft();
watchThreshold();
document.querySelectorAll("[data-matrix-search]").forEach(searchMatrix);
document.querySelectorAll("[data-live-url]").forEach(watchList);
document.querySelectorAll("[data-renews]").forEach(renew);
