// What was typed and has not reached the portal, for as long as this tab is open. Signing out forgets it.
// docs/adr says why it is here: a form that meets an ended session cannot be kept by a server that nobody is signed in to.
const MINE = "unsent:";
const user = document.body.dataset.user ?? "";

const all = () => Object.keys(sessionStorage).filter((key) => key.startsWith(MINE));
const read = (key) => {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
};
const write = (key, entry) => {
  // Full, or forbidden: then saving to the portal is all there is.
  try { sessionStorage.setItem(key, JSON.stringify(entry)); } catch { sessionStorage.removeItem(key); }
};

export const forgetAll = () => all().forEach((key) => sessionStorage.removeItem(key));
export const forget = (path) => sessionStorage.removeItem(MINE + path);
export const keep = (path, entry) => write(MINE + path, { ...entry, user });
export const kept = (path) => read(MINE + path);

/** On every page: other people's words go; those that were sent from the page before this one have arrived. */
export function tidy() {
  const from = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname : "";
  for (const key of all()) {
    const entry = read(key);
    if (!user) {
      // The sign-in page: what was being sent has met an ended session.
      if (entry) write(key, { ...entry, sent: false });
    } else if (entry?.user !== user || (entry.sent && key === MINE + from && from !== location.pathname)) {
      sessionStorage.removeItem(key);
    }
  }
}
