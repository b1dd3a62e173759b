// Light or dark against the system's choice; everything else works without scripts.
(() => {
  const root = document.documentElement;
  const label = document.currentScript.dataset.themeLabel;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const system = () => (dark.matches ? "dark" : "light");

  let chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;

  const toggle = () => {
    const next = (root.dataset.theme || system()) === "dark" ? "light" : "dark";
    if (next === system()) delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === system()) localStorage.removeItem("theme");
      else localStorage.setItem("theme", next);
    } catch {
      // As above.
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "theme";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", toggle);
    document.querySelector(".site-nav").before(button);
  });
})();
