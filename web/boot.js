// Starts the lobby, once the page has been shown; without it every page still reads.

if ("serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Private windows may refuse one; the pages then simply need the network.
    });
  });
}

// Whoever is quick is not kept waiting at the scene's door: its program is on its way before the lobby is live, which then
// lets them in.
const door = document.querySelector('[data-hook="enter"]');
if (door) {
  door.disabled = false;
  door.addEventListener("click", async () => {
    door.dataset.asked = "";
    door.hidden = true;
    document.querySelector('[data-hook="loading"]').hidden = false;
    const { fetchProgram } = await import("./platform.js");
    fetchProgram(document.body.dataset.app);
  }, { once: true });
}

// On a slow network the lobby would take the road from the words of the page. A page in the background is not shown yet,
// and a browser that does not tell of its first paint shows it in time.
await new Promise((shown) => {
  try {
    new PerformanceObserver(shown).observe({ type: "paint", buffered: true });
  } catch {
    requestAnimationFrame(() => setTimeout(shown));
  }
  setTimeout(shown, 1500);
});

// A hall's shared device runs a program of its own (kiosk/mod.rs), which nobody else fetches.
const isKiosk = () => {
  try {
    return document.body.dataset.page === "kiosk" || localStorage.getItem("retrace.kiosk") !== null;
  } catch {
    return false; // Where storage is refused there is no kiosk.
  }
};

try {
  const { default: start } = await import(isKiosk() ? "./kiosk.js" : "./lobby.js");
  await start();
} catch (fault) {
  const loading = document.querySelector('[data-hook="loading"]');
  if (loading) loading.hidden = true; // Nobody will let in who waits at the scene's door.
  const notice = document.querySelector('[data-hook="notice"]');
  if (notice) {
    notice.textContent = document.body.dataset.lang === "en"
      ? "The page can be read, but records cannot be kept in this browser. Reload, or use another browser."
      : "页面可以阅读，但此浏览器无法保存记录。请重新载入，或换一个浏览器。";
  }
  console.warn("the lobby did not start", fault);
}
