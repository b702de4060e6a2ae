// Saves what was typed a moment ago before a section of a draft is left, whichever way it is left.
(() => {
  const form = document.querySelector(".section-form[hx-post]");
  if (!form) return;
  const said = (of = form) => new URLSearchParams(new FormData(of));
  const typed = (of) => { const texts = said(of); texts.delete("version"); return texts.toString(); };
  // As the page came: somebody may have typed before this script was there.
  const came = form.cloneNode(true);
  came.reset();
  let saved = typed(came), underway = Promise.resolve();
  const unsaved = () => typed() !== saved;
  const save = async (more) => {
    const sent = typed();
    const answer = await fetch(form.action, { method: "POST", headers: { "HX-Request": "true" }, body: said(), ...more });
    if (answer.ok) saved = sent;
  };
  // Whatever became of it: nobody is kept on a page because a server does not answer.
  const then = async (event, go) => {
    event.preventDefault();
    await underway;
    if (unsaved()) await save({ signal: AbortSignal.timeout(5000) }).catch(() => {});
    go();
  };
  // What was typed before the scripts were there told nobody that it changed: it saves itself now.
  document.addEventListener("DOMContentLoaded", () => { if (unsaved()) form.dispatchEvent(new Event("change")); });
  const elsewhere = (link) => link.href.split("#")[0] !== location.href.split("#")[0];

  // What saves itself raises the version of the draft; to save beside it would be to contradict it.
  form.addEventListener("htmx:beforeRequest", () => {
    const sent = typed();
    underway = new Promise((over) => form.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) saved = sent;
      over();
    }, { once: true }));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (link && plain && elsewhere(link) && unsaved()) then(event, () => location.assign(link.href));
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form) saved = typed();
    else if (unsaved()) then(event, () => event.target.requestSubmit(event.submitter));
  });
  window.addEventListener("pagehide", () => { if (unsaved()) save({ keepalive: true }).catch(() => {}); });
  // A page that the browser kept has the version from before it was left.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
