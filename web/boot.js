// Starts the lobby, once the page can be read; without it every page still reads.
import start from "./lobby.js";

if ("serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Private windows may refuse one; the pages then simply need the network.
    });
  });
}

try {
  await start();
} catch (fault) {
  const notice = document.querySelector('[data-hook="notice"]');
  if (notice) {
    notice.textContent = document.body.dataset.lang === "en"
      ? "The page can be read, but records cannot be kept in this browser. Reload, or use another browser."
      : "页面可以阅读，但此浏览器无法保存记录。请重新载入，或换一个浏览器。";
  }
  console.warn("the lobby did not start", fault);
}
