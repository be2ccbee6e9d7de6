// Small comforts; every page works without them.
"use strict";
for (const form of document.querySelectorAll("form[data-auto]")) {
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
  form.classList.add("auto");
}
for (const form of document.querySelectorAll("form[method=post]")) {
  // A double click sends once. The button that was pressed still names itself, since it is disabled only afterwards.
  form.addEventListener("submit", () => setTimeout(() => {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  }));
}
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
});
const editor = document.querySelector("[data-editor]");
if (editor) {
  const text = editor.querySelector("textarea"), gutter = editor.querySelector(".gutter");
  const grow = () => {
    const lines = text.value.split("\n").length + 1;
    if (text.rows === lines) return;
    text.rows = lines;
    gutter.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
  };
  text.addEventListener("input", grow);
  grow();
  const tall = parseFloat(getComputedStyle(text).lineHeight);
  for (const link of document.querySelectorAll("[data-line]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const line = Number(link.dataset.line), rows = text.value.split("\n");
      const start = rows.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      text.focus({ preventScroll: true });
      text.setSelectionRange(start, start + (rows[line - 1] || "").length);
      editor.scrollTop = Math.max(0, (line - 4) * tall);
      editor.scrollIntoView({ block: "nearest" });
    });
  }
}
