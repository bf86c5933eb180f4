// Saves a page of a draft while somebody types. Without it, “Save and continue” saves.
import { forget, forgetAll, keep, kept, tidy } from "./unsent.js";

const DRAFT = /^(\/referrals\/drafts\/[0-9a-f-]{36}\/)(?!check\/|delete\/|choose\/|take-over\/)./;
const OURS = new Set(["csrfmiddlewaretoken", "version", "seen", "writer", "turn", "ticked", "key", "completed", "q"]);
const AFTER_TYPING = 2_000, AT_THE_LATEST = 20_000, PATIENCE = 15_000, ASK_EVERY = 20_000, LONGEST_WAIT = 60_000;
const KEEPALIVE_BYTES = 60_000;

const sleep = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
const typedIn = (form) => [...new FormData(form)].filter(([name, value]) => !OURS.has(name) && typeof value === "string");
const ticked = (fields) => JSON.stringify(fields.filter(([name]) => name === "indicators").map(([, value]) => value));

/** A line that says what is saved and when. It is read out when the news changes, not at each save. */
function statusLine(form) {
  const line = form.querySelector("[data-saved]") ?? document.createElement("p");
  if (!line.isConnected) {
    line.className = "portal-saved";
    form.querySelector(".govuk-button-group").before(line);
  }
  const voice = Object.assign(document.createElement("p"), { className: "govuk-visually-hidden" });
  voice.setAttribute("role", "status");
  line.after(voice);
  let last = "";
  let shown = "";
  return (news, words, link = "", href = location.href) => {
    // Somebody may be on the link already: the same again takes it from under nobody's hands.
    const now = JSON.stringify([news, words, link, href]);
    if (now === shown) return;
    shown = now;
    line.textContent = words;
    line.classList.toggle("portal-saved--not", !["saved", "others"].includes(news));
    if (link) line.append(" ", Object.assign(document.createElement("a"), { className: "govuk-link", href, textContent: link }));
    const aloud = news === "saved" ? news : news + words;
    if (aloud !== last) voice.textContent = words;
    last = aloud;
  };
}

class Page {
  constructor(form, url) {
    this.form = form;
    this.url = url;
    this.say = statusLine(form);
    this.writer = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.turn = 0;
    this.failures = 0;
    this.saved = JSON.stringify(typedIn(form));
    this.ticked = ticked(typedIn(form));
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("focusout", () => { if (this.isDirty) this.later(0); });
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => { if (this.isDirty) this.later(0); });
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); });
    setInterval(() => this.ask(), ASK_EVERY);
  }

  get isDirty() { return JSON.stringify(typedIn(this.form)) !== this.saved; }

  changed() {
    if (this.restoring || !this.isDirty) return;
    this.remember();
    this.since ??= Date.now();
    this.later(Math.min(AFTER_TYPING, Math.max(0, this.since + AT_THE_LATEST - Date.now())));
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  /** Kept in this tab until the portal has it. */
  remember(sent = false) {
    const { version, seen, key } = this.form.elements;
    const page = { version: version.value, seen: seen?.value, key: key?.value, writer: this.writer, turn: this.turn + 1 };
    keep(location.pathname, { ...page, ticked: this.ticked, fields: typedIn(this.form), sent });
  }

  /** What this tab still has of this page, unless it reached the portal without our hearing of it. */
  async restore() {
    const entry = kept(location.pathname);
    if (!entry) return undefined;
    this.restoring = true;
    const answer = JSON.stringify(entry.fields) === this.saved ? { heard: true } : await this.look(entry);
    this.restoring = false;
    if (answer?.heard) return forget(location.pathname);
    this.fill(entry.fields);
    for (const name of ["version", "seen", "key"]) if (entry[name] && this.form.elements[name]) this.form.elements[name].value = entry[name];
    Object.assign(this, { writer: entry.writer, turn: entry.turn, ticked: entry.ticked });
    this.say("restored", "What you had typed here is back, and is being saved now.");
    this.later(0);
    return undefined;
  }

  fill(fields) {
    const waiting = new Map();
    for (const [name, value] of fields) waiting.set(name, [...(waiting.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || OURS.has(field.name) || field.type === "submit") continue;
      const values = waiting.get(field.name) ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else field.value = values.shift() ?? "";
    }
  }

  body() {
    const body = new FormData(this.form);
    this.turn += 1;
    const page = { path: location.pathname, writer: this.writer, turn: this.turn, ticked: this.ticked };
    for (const [name, value] of Object.entries(page)) body.set(name, value);
    return body;
  }

  /** One at a time; whatever is typed meanwhile is saved next. */
  async save() {
    clearTimeout(this.timer);
    if (this.saving) return this.saving;
    if (!this.isDirty || this.submitting) return undefined;
    this.since = null;
    this.saving = this.send();
    await this.saving;
    this.saving = null;
    if (this.isDirty && !this.stuck) this.later(this.failures ? Math.min(LONGEST_WAIT, 1_500 * 2 ** this.failures) : AFTER_TYPING);
    return undefined;
  }

  async send(keepalive = false) {
    const fields = typedIn(this.form);
    this.stuck = false;
    try {
      const options = { method: "POST", body: this.body(), redirect: "manual", keepalive, headers: { Accept: "application/json" } };
      const answer = await fetch(this.url, keepalive ? options : { ...options, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
      this.failures = 0;
      if (answer.ok) this.took(await answer.json(), fields); else await this.refused(answer);
    } catch {
      this.failures += 1;
      this.say("failed", `Not saved: ${navigator.onLine ? "the portal cannot be reached" : "you are offline"}; we keep trying.`);
    }
  }

  took(answer, fields) {
    const { version, seen } = this.form.elements;
    this.saved = JSON.stringify(fields);
    this.ticked = ticked(fields);
    if (seen?.value) seen.value = JSON.stringify(answer.seen);
    if (answer.version !== undefined) version.value = answer.version;
    forget(location.pathname);
    if (answer.url) history.replaceState(null, "", answer.url);
    if (this.isDirty) this.remember();
    const saved = answer.at ? `Saved at ${answer.at}.` : "Saved.";
    if (answer.state === "saved") this.say("saved", saved);
    else this.say(answer.state, `${saved} ${answer.words}`, answer.state === "clash" ? "Load this page again to choose" : "Load this page again to see them");
    document.dispatchEvent(new Event("portal:active"));
  }

  /** Nothing more is tried until something more is typed; what was typed stays here and in this tab. */
  async refused(answer) {
    this.stuck = true;
    const signIn = `${document.body.dataset.signInUrl}?next=${encodeURIComponent(location.pathname)}`;
    if (answer.type === "opaqueredirect") this.say("ended", "Not saved: you have been signed out. What you typed is kept in this tab.", "Sign in to save it", signIn);
    else if (answer.status === 403) this.say("ended", "Not saved: you have signed in again in another tab.", "Load this page again to save it");
    else if (answer.status === 404) this.say("gone", "Not saved: this referral is not there any more.");
    else {
      const { words, url } = await answer.json();
      this.say("refused", `Not saved. ${words}`, url ? "See the referral" : "", url);
    }
  }

  /** What has happened on this page. In the background: an open page keeps nobody signed in. */
  async look({ writer, turn, version }) {
    const asked = new URLSearchParams({ path: location.pathname, writer, turn, version });
    try {
      const answer = await fetch(`${this.url}?${asked}`, { headers: { Accept: "application/json", "X-Background": "1" }, redirect: "manual" });
      return [200, 409].includes(answer.status) ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  /** Has anybody else saved here? */
  async ask() {
    if (document.hidden || this.saving || this.failures || this.stuck) return;
    const answer = await this.look({ writer: this.writer, turn: this.turn, version: this.form.elements.version.value });
    if (answer?.words) this.say("others", answer.words, answer.url ? "See the referral" : "Load this page again to see them", answer.url);
  }

  leave() {
    if (!this.isDirty || this.submitting) return;
    this.remember();
    const size = typedIn(this.form).reduce((sum, [name, value]) => sum + name.length + 3 * value.length, 0);
    this.send(size < KEEPALIVE_BYTES);
  }

  async submit(event) {
    if (this.saving) {
      event.preventDefault();
      await Promise.race([this.saving, sleep(3_000)]);
      await sleep(0);
      this.saving = null;
      this.form.requestSubmit(event.submitter);
      return;
    }
    clearTimeout(this.timer);
    this.submitting = true;
    if (this.isDirty) this.remember(true); else forget(location.pathname);
    this.turn += 1;
    for (const name of ["writer", "turn"]) {
      const field = this.form.elements[name] ?? this.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = this[name];
    }
  }
}

// A form that is asked to submit itself while its submit event is still on its way does not: hence sleep(0), which waits
// until it is over, where nothing else had to be waited for.

/** Signing out by hand forgets what this tab has kept, after a last try to save it. */
function watchSignOut(page) {
  let saved = !page;
  document.getElementById("sign-out")?.addEventListener("submit", async (event) => {
    if (saved) return forgetAll();
    event.preventDefault();
    await Promise.race([page.save(), sleep(2_000)]);
    await sleep(0);
    saved = page.submitting = true;
    event.target.requestSubmit();
    return undefined;
  });
}

export function watchDraft() {
  tidy();
  const [, draft] = DRAFT.exec(location.pathname) ?? [];
  const form = draft && document.querySelector("main form [name=version]")?.form;
  const asks = form && [...form.elements].some((field) => field.name && !OURS.has(field.name) && field.type !== "submit");
  watchSignOut(asks ? new Page(form, `${draft}autosave/`) : null);
}
