// Shows the minutes between two clock times while they are typed; the server counts them again.
(() => {
  const at = (text) => { const found = /^(\d{1,2}):([0-5]\d)(\+1)?$/.exec(text.trim()); return found ? found[1] * 60 + +found[2] + (found[3] ? 1440 : 0) : null; };
  const show = (group) => {
    const result = group.querySelector("[data-result]");
    if (!result || result.value) return;
    const start = at(group.querySelector("[data-from]").value), end = at(group.querySelector("[data-to]").value);
    result.placeholder = start !== null && end !== null && end > start ? String(end - start) : "";
  };
  document.addEventListener("input", (event) => {
    const group = event.target.closest("[data-minutes]");
    if (group) show(group);
  });
})();
