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
