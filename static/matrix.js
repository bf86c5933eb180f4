// The threshold pages: finding indicators while somebody types, and what their ticks and evidence point to.
// Without it, the buttons on the pages do both.
const AFTER_TYPING = 250, AFTER_CHANGE = 600;

const later = (act, milliseconds) => {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(act, milliseconds); };
};

/** Rows that a search finds move up into the list of what was found, in its order, and back again for the next search. */
class Finder {
  constructor(box) {
    this.url = box.dataset.find;
    this.name = box.dataset.name ?? "indicators";
    this.input = box.querySelector("input");
    this.status = box.querySelector("[data-find-count]");
    this.list = document.querySelector("[data-found]");
    this.rows = this.list.querySelector(".govuk-checkboxes");
    this.places = new Map();
    this.asked = 0;
    box.querySelector("[data-find-button]").remove();
    const ask = later(() => this.ask(), AFTER_TYPING);
    this.input.addEventListener("input", ask);
    // Enter in the search box must not send the form around it.
    this.input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); this.ask(); } });
  }

  async ask() {
    const words = this.input.value.trim();
    this.asked += 1;
    const turn = this.asked;
    if (!words) return this.show([], "");
    try {
      const answer = await fetch(`${this.url}?${new URLSearchParams({ q: words })}`, { headers: { Accept: "application/json" }, redirect: "manual" });
      if (!answer.ok) throw new Error(answer.statusText);
      const { found } = await answer.json();
      // An answer that was overtaken by a later one says nothing.
      if (turn !== this.asked) return undefined;
      const many = found.length === 1 ? "1 indicator found." : `${found.length} indicators found, the best first.`;
      return this.show(found, found.length ? many : "No indicator has words like these. Try other words, or look through the levels.");
    } catch {
      if (turn === this.asked) this.status.textContent = "The search cannot be reached. The levels below have every indicator.";
      return undefined;
    }
  }

  show(found, words) {
    for (const [row, place] of this.places) {
      row.querySelector(".govuk-tag")?.remove();
      place.replaceWith(row);
    }
    this.places.clear();
    // Rows of a page that was itself the answer to a search have no place of their own: the ticked ones stay.
    for (const row of [...this.rows.children]) if (!row.querySelector("input:checked")) row.remove();
    for (const one of found) this.rows.append(this.row(one));
    if (words) this.keepTicked();
    this.list.hidden = !this.rows.children.length;
    for (const group of document.querySelectorAll("fieldset[data-matrix-group]")) group.hidden = !group.querySelector("[data-matrix-indicator]");
    this.status.textContent = words;
  }

  /** What is ticked stays in view, below what was found. */
  keepTicked() {
    for (const box of document.querySelectorAll("#matrix [data-matrix-indicator] input:checked")) {
      const row = box.closest("[data-matrix-indicator]");
      this.move(row);
      this.tag(row, box.value[1]);
      this.rows.append(row);
    }
  }

  move(row) {
    const place = document.createComment("");
    row.before(place);
    this.places.set(row, place);
  }

  row({ code, level, text }) {
    // On the hub's page an indicator that somebody has picked has a row of its own, with its evidence.
    if (document.getElementById(`row-${code}`)) return this.link(code, text);
    const row = document.getElementById(code)?.closest("[data-matrix-indicator]") ?? this.made(code, text);
    if (row.isConnected && !this.rows.contains(row)) this.move(row);
    this.tag(row, level);
    return row;
  }

  /** An indicator's code names its level: L4-HEA-10. */
  tag(row, level) {
    if (row.querySelector(".govuk-tag")) return;
    const tag = Object.assign(document.createElement("strong"), { className: "govuk-tag govuk-tag--grey", textContent: `Level ${level}` });
    row.querySelector("label").append(" ", tag);
  }

  link(code, text) {
    const row = Object.assign(document.createElement("p"), { className: "govuk-body" });
    row.append(Object.assign(document.createElement("a"), { className: "govuk-link", href: `#row-${code}`, textContent: text }), " has its row above.");
    return row;
  }

  made(code, text) {
    const row = Object.assign(document.createElement("div"), { className: "govuk-checkboxes__item" });
    row.dataset.matrixIndicator = "";
    row.append(
      Object.assign(document.createElement("input"), { className: "govuk-checkboxes__input", id: code, name: this.name, type: "checkbox", value: code }),
      Object.assign(document.createElement("label"), { className: "govuk-label govuk-checkboxes__label", htmlFor: code, textContent: text }),
    );
    return row;
  }
}

/** Says what the page as it stands points to, a moment after it changes. Saves nothing. */
function suggest(box) {
  const form = document.querySelector("main form [name=version]").form;
  const voice = Object.assign(document.createElement("p"), { className: "govuk-visually-hidden" });
  voice.setAttribute("role", "status");
  box.after(voice);
  document.querySelector("[data-suggest-button]")?.remove();
  let asked = 0;
  const ask = later(async () => {
    asked += 1;
    const turn = asked;
    try {
      const answer = await fetch(box.dataset.suggest, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (!answer.ok || turn !== asked) return;
      const before = box.querySelector("h2")?.textContent;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      box.replaceChildren(...page.body.childNodes);
      const after = box.querySelector("h2")?.textContent;
      if (after !== before) voice.textContent = after;
    } catch {
      // What stands there is from before; saving says the same again.
    }
  }, AFTER_CHANGE);
  form.addEventListener("input", (event) => { if (event.target.name !== "q") ask(); });
}

export function watchThreshold() {
  document.querySelectorAll("[data-find]").forEach((box) => new Finder(box));
  document.querySelectorAll("[data-suggest]").forEach(suggest);
}
