// Small comforts on top of pages that work without: nothing here is needed to do the work.

// A conversation opens at its newest message, and stays there while the reader does.
function toNewest() {
  const log = document.querySelector(".log");
  if (log) log.scrollTop = log.scrollHeight;
}

function isAtNewest(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 40;
}

document.addEventListener("DOMContentLoaded", toNewest);

document.addEventListener("htmx:beforeSwap", (event) => {
  const log = event.detail.target.querySelector(".log");
  if (log && isAtNewest(log)) document.addEventListener("htmx:afterSettle", toNewest, { once: true });
});

// Ctrl+Enter sends an answer.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches(".reply textarea")) {
    event.target.form.requestSubmit();
  }
});

// What somebody ticks as seen, or looks at in the preview, changes nothing about the alert, so that nothing is asked for.
for (const kind of ["change", "input"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches('#alert-form [name="seen"], #alert-form [name^="look_"]')) event.stopPropagation();
  }, true);
}

// A tick that was set while the warnings were asked for anew stays.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "checks") return;
  const ticked = [...event.detail.target.querySelectorAll('[name="seen"]:checked')].map((box) => box.value);
  document.addEventListener("htmx:afterSwap", () => {
    for (const box of document.querySelectorAll('#checks [name="seen"]')) box.checked ||= ticked.includes(box.value);
  }, { once: true });
});
