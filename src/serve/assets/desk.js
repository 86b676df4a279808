// The pages work without this. It only saves key strokes.
"use strict";

// "/" goes to the search field, as in many places.
document.addEventListener("keydown", (event) => {
  const field = document.getElementById("find");
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  }
});
