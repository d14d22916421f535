// Signing in by an account of one's unit: lists the providers that this service knows, and has the lobby show the pass
// that the browser carries after the way back, as it would send a code.
const EN = document.body.dataset.lang === "en";
const hook = (name) => document.querySelector(`[data-hook="${name}"]`);

/** Whether somebody comes back from a provider, and where they go on to, from what the address names after `#`. */
function asked() {
  const hash = new URLSearchParams(location.hash.slice(1));
  return { isBack: hash.has("pass"), to: hash.get("to") ?? location.hash.slice(1) };
}

async function list(to) {
  const place = hook("accounts");
  // Without a network, or by a service that knows none, code and PIN are the way.
  const answer = place && navigator.onLine ? await fetch("/v1/providers").catch(() => null) : null;
  if (!answer?.ok) return;
  const { providers } = await answer.json();
  for (const { title, at } of providers) {
    const link = document.createElement("a");
    link.className = "button";
    link.href = `${at}?to=${encodeURIComponent(to || `/${EN ? "en" : "zh"}/me/`)}`;
    link.textContent = EN ? title.en : title.zh;
    place.querySelector("p").append(link);
  }
  place.hidden = providers.length === 0;
}

/** Once the lobby listens, its form is sent with the pass in place of a code; what it says, it says as ever. */
async function show(to) {
  const form = hook("sign-in");
  const root = document.documentElement;
  const fields = form.querySelectorAll(".field, .sheet-actions");
  const hide = (is) => fields.forEach((field) => { field.hidden = is; });
  // Opened again, the page asks for a code as ever.
  history.replaceState(null, "", `#${to}`);
  hide(true);
  if (root.dataset.lobby !== "live") {
    await new Promise((live) => {
      new MutationObserver((_, observer) => {
        if (root.dataset.lobby !== "live") return;
        observer.disconnect();
        live();
      }).observe(root, { attributeFilter: ["data-lobby"] });
    });
  }
  form.elements.code.value = "pass";
  form.elements.pin.value = "000000";
  form.requestSubmit();
  form.reset();
  new MutationObserver((_, observer) => {
    if (form.hasAttribute("data-busy")) return;
    observer.disconnect();
    hide(false);
  }).observe(form, { attributeFilter: ["data-busy"] });
}

const { isBack, to } = asked();
if (isBack) {
  await show(to);
} else {
  await list(to);
}
