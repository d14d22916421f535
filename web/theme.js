// Light or dark: the system's choice unless the visitor makes another. Runs before the first paint, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];
  const read = () => {
    try {
      const kept = localStorage.getItem("theme");
      return order.includes(kept) ? kept : "auto";
    } catch {
      return "auto"; // Storage may be refused; the system's choice then holds.
    }
  };
  const show = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  let theme = read();
  show(theme);
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll('[data-hook="theme"]')) {
      const say = () => (button.textContent = button.dataset[theme]);
      say();
      button.hidden = false;
      button.addEventListener("click", () => {
        theme = order[(order.indexOf(theme) + 1) % order.length];
        try {
          localStorage.setItem("theme", theme);
        } catch {
          // The choice then lasts for this page only.
        }
        show(theme);
        say();
      });
    }
  });
})();
