// Progressive enhancement: every page works without it. Supports Chromium 86.
(() => {
  const root = document.documentElement;
  const words = document.currentScript.dataset;

  const stored = {
    read(name) {
      try {
        return localStorage.getItem(name);
      } catch {
        return null; // Storage is blocked: the choice lasts for this page only.
      }
    },
    write(name, value) {
      try {
        if (value === null) localStorage.removeItem(name);
        else localStorage.setItem(name, value);
      } catch {
        // As above.
      }
    },
  };

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // The colour scheme, if it differs from the system's. Set before the first paint.

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const system = () => (dark.matches ? "dark" : "light");
  const chosen = stored.read("theme");
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;

  const toggleTheme = () => {
    const next = (root.dataset.theme || system()) === "dark" ? "light" : "dark";
    if (next === system()) delete root.dataset.theme;
    else root.dataset.theme = next;
    stored.write("theme", next === system() ? null : next);
  };

  const addThemeButton = () => {
    const button = make("button", { type: "button", className: "theme", title: words.theme, onclick: toggleTheme });
    button.setAttribute("aria-label", words.theme);
    document.querySelector(".site-nav").before(button);
  };

  // Keyboard shortcuts

  const messages = () => [...document.querySelectorAll(".message, .hit, .turns.list > .turn")];

  const goTo = (element) => {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
  };

  const step = (distance) => {
    const all = messages();
    const here = document.activeElement.closest(".message, .turn") || document.querySelector(".message:target");
    const place = all.indexOf(here);
    const fallback = all.findIndex((one) => one.getBoundingClientRect().bottom > 0);
    const next = place < 0 ? Math.max(fallback, 0) : place + distance;
    if (all[next]) goTo(all[next]);
  };

  const follow = (relation) => {
    const link = document.querySelector(`main a[rel="${relation}"]`);
    if (link) link.click();
  };

  const search = () => {
    const boxes = [...document.querySelectorAll('input[type="search"]')];
    const box = boxes.find((one) => one.offsetParent !== null);
    if (box) box.focus();
    else location.assign(words.search);
  };

  const areKeysOn = () => stored.read("keys") !== "off";

  const showHelp = () => {
    const help = document.getElementById("keys");
    if (help.open) return;
    const back = document.activeElement;
    help.addEventListener("close", () => back && back.focus(), { once: true });
    help.showModal();
  };

  const keys = {
    "/": search,
    "?": showHelp,
    j: () => step(1),
    k: () => step(-1),
    "[": () => follow("prev"),
    "]": () => follow("next"),
  };

  const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  const onKey = (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = keys[event.key];
    if (!act || (event.key !== "?" && !areKeysOn())) return;
    event.preventDefault();
    act();
  };

  const prepareHelp = () => {
    const help = document.getElementById("keys");
    const box = help.querySelector("input");
    if (!help.showModal) return;
    box.checked = areKeysOn();
    box.addEventListener("change", () => stored.write("keys", box.checked ? null : "off"));
    help.querySelector("button").addEventListener("click", () => help.close());
    document.addEventListener("keydown", onKey);
  };

  // Selecting a range: the first message by its link, the last by a click.

  const choose = (link) => {
    const first = link.closest(".message");
    const all = messages();
    let last = first;
    const count = make("span", {});
    const cite = make("a", { className: "button" }, words.cite);
    const remove = make("a", { className: "button" }, words.removal);
    const cancel = make("button", { type: "button", onclick: () => end() }, words.cancel);
    const bar = make("div", { className: "choosing" }, count, cite, remove, cancel);
    bar.setAttribute("role", "status");

    const show = () => {
      const [from, to] = [all.indexOf(first), all.indexOf(last)].sort((a, b) => a - b);
      all.forEach((one, place) => one.classList.toggle("chosen", from <= place && place <= to));
      count.textContent = words.chosen.replace("0", to - from + 1);
      remove.href = `${words.removalForm}?message=${first.id.slice(2)}`;
      remove.hidden = from !== to;
      cite.href = `?from=${all[from].id.slice(2)}&to=${all[to].id.slice(2)}`;
    };
    const point = (event) => {
      const message = event.target.closest(".message");
      if (!message) return;
      event.preventDefault();
      event.stopPropagation();
      last = message;
      show();
    };
    const leave = (event) => {
      if (event.key === "Escape") end();
    };
    const conversations = document.querySelector(".conversations");
    const end = () => {
      all.forEach((one) => one.classList.remove("chosen"));
      conversations.removeEventListener("click", point, true);
      document.removeEventListener("keydown", leave);
      bar.remove();
      goTo(first);
    };
    conversations.addEventListener("click", point, true);
    document.addEventListener("keydown", leave);
    document.body.append(bar);
    show();
    cite.focus();
  };

  const prepareChoosing = () => {
    document.addEventListener("click", (event) => {
      const link = event.target.closest('.conversations .at ~ a[href*="?from="]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(link);
    });
  };

  const prepareCopying = () => {
    const text = document.getElementById("citation");
    if (!text) return;
    const copied = make("span", {});
    copied.setAttribute("role", "status");
    const copy = async () => {
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
      } catch {
        document.execCommand("copy"); // For WeChat's browser and pages without TLS.
      }
      copied.textContent = text.dataset.copied;
    };
    const button = make("button", { type: "button", onclick: copy }, text.dataset.copy);
    text.after(make("p", { className: "actions" }, button, copied));
  };

  document.addEventListener("DOMContentLoaded", () => {
    addThemeButton();
    prepareHelp();
    prepareChoosing();
    prepareCopying();
  });
})();
