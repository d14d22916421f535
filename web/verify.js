// Checks a certificate in the browser: signature, whether it still holds, and a name, by nothing that leaves the device.
const EN = document.body.dataset.lang === "en";
const say = (zh, en) => (EN ? en : zh);
const hook = (name) => document.querySelector(`[data-hook="${name}"]`);

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A fault that is told in words. */
class Unsound extends Error {}

/** Header, payload and what is signed of a token; throws `Unsound` where it is none. */
function read(token) {
  const parts = token.split(".");
  try {
    if (parts.length !== 3) throw new Error("three parts");
    const [header, payload] = parts.slice(0, 2).map((part) => JSON.parse(new TextDecoder().decode(bytes(part))));
    return { header, payload, signed: new TextEncoder().encode(`${parts[0]}.${parts[1]}`), signature: bytes(parts[2]) };
  } catch {
    throw new Unsound(say("这不是一份证明，或内容不完整。请重新扫码，或复制文件的全部内容。", "This is no certificate, or not the whole of one. Scan again, or copy all that is in the file."));
  }
}

/** What an address answers, or answered when this device last reached it; the date where it is not from now. */
async function known(path) {
  const key = `verify ${path}`;
  try {
    const response = await fetch(path, { cache: "no-cache" });
    if (response.ok) {
      const text = await response.text();
      keep(key, { text, at: Date.now() });
      return { text, at: null };
    }
  } catch {
    // Without a network what was kept is used.
  }
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    if (kept) return kept;
  } catch {
    // Storage may be refused.
  }
  return null;
}

function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Checking without a network is then not possible on this device.
  }
}

/** The payload of a token that this service has signed. */
async function opened(token, issuer) {
  const { header, payload, signed, signature } = read(token);
  if (payload.iss !== issuer.id) {
    throw new Unsound(say(`由另一服务签发：${payload.iss}。请在该服务的网站上核验。`, `Issued by another service: ${payload.iss}. Check it on that service’s own page.`));
  }
  const method = issuer.verificationMethod.find(({ id }) => id === header.kid);
  const forged = say("签名不符：内容被改动过，或不是本服务签发。", "The signature does not fit: it was changed, or this service did not issue it.");
  if (!method || header.alg !== "EdDSA") throw new Unsound(forged);
  const { kty, crv, x } = method.publicKeyJwk;
  let key;
  try {
    key = await crypto.subtle.importKey("jwk", { kty, crv, x }, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new Unsound(say("此浏览器不支持 Ed25519 签名，无法核验。请更新浏览器，或换一个。", "This browser knows no Ed25519 signatures and cannot check. Update it, or use another."));
  }
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, key, signature, signed))) throw new Unsound(forged);
  return payload;
}

/** Whether a credential was taken back: `true`, `false`, or `null` where no list can be had; and of when the list is. */
async function revoked(status, issuer) {
  const address = new URL(status.statusListCredential);
  if (address.host !== location.host) return { is: null };
  const kept = await known(address.pathname);
  if (!kept) return { is: null };
  const list = await opened(kept.text, issuer);
  const packed = bytes(list.credentialSubject.encodedList.slice(1));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bits = new Uint8Array(await new Response(stream).arrayBuffer());
  const place = Number(status.statusListIndex);
  return { is: Boolean(bits[place >> 3] & (0x80 >> (place & 7))), at: list.nbf * 1000, isOld: kept.at !== null };
}

async function isNamed({ identityHash, salt }, name) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name + salt));
  return identityHash === `sha256$${hex(hash)}`;
}

const half = (text) => text.split(" | ")[EN ? 1 : 0] ?? text;
const day = (at) => new Date(at).toLocaleString(EN ? "en-GB" : "zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "medium", timeStyle: "short" });

/** The verdict in words with the facts to show beside it. */
async function judge(token, name) {
  read(token);
  const document = await known("/.well-known/did.json");
  if (!document) {
    return { verdict: "unknown", text: say("没有网络，这台设备也还没有取过本服务的公钥，暂时无法核验。", "There is no network, and this device has never fetched the service’s key: it cannot be checked yet.") };
  }
  const issuer = JSON.parse(document.text);
  const credential = await opened(token, issuer);
  const { achievement, creditsEarned, identifier, narrative, source } = credential.credentialSubject;
  const presence = narrative?.split(": ");
  const facts = [
    [say("课程", "Course"), half(achievement.name)],
    [say("学时", "Credit"), say(`${creditsEarned} 学时`, `${creditsEarned} h (学时)`)],
    [say("条件", "Requirement"), half(achievement.criteria.narrative)],
    presence && [say("到场凭证", "Presence"), `${presence[0]} ${half(presence.slice(1).join(": "))}`],
    [say("单位", "Unit"), source.name],
    [say("确认时间", "Confirmed"), day(credential.nbf * 1000)],
    [say("签发", "Issued by"), `${credential.issuer.name} (${credential.iss})`],
    [say("编号", "Number"), credential.jti.replace("urn:uuid:", "")],
  ].filter(Boolean);
  if (name) {
    const fits = await isNamed(identifier[0], name);
    facts.unshift([say("姓名", "Name"), fits ? say(`${name}：相符`, `${name}: fits`) : say(`${name}：不符`, `${name}: does not fit`)]);
    if (!fits) return { verdict: "bad", text: say("签名有效，但不是这个姓名的证明。", "The signature holds, but it is not a certificate of this name."), facts };
  }
  const { is, at, isOld } = await revoked(credential.credentialStatus, issuer);
  if (is) return { verdict: "bad", text: say("已失效：确认被撤销，或记录已删除。", "No longer valid: the confirmation was taken back, or the record erased."), facts };
  if (is === null) return { verdict: "unknown", text: say("签名有效；是否已被撤销，没有网络时无法得知。", "The signature holds. Whether it was taken back cannot be known without a network."), facts };
  facts.push([say("失效名单", "List of ended ones"), day(at)]);
  if (isOld) return { verdict: "unknown", text: say(`签名有效；按 ${day(at)} 的名单尚未失效，现在没有网络。`, `The signature holds, and it had not ended by the list of ${day(at)}. There is no network now.`), facts };
  return { verdict: "good", text: say("有效。", "Valid."), facts };
}

function show({ verdict, text, facts = [] }) {
  const said = hook("verify-verdict");
  said.dataset.verdict = verdict;
  said.textContent = text;
  hook("verify-facts").replaceChildren(...facts.flatMap(([name, value]) => {
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    told.textContent = value;
    return [term, told];
  }));
  hook("verify-outcome").hidden = false;
}

const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The token in what was scanned, chosen or pasted: the address of this page holds it behind `#`, packed where it begins with `~`. */
async function tokenIn(text) {
  const token = text.trim().replace(/^[^#]*#/, "").replaceAll(/\s/g, "");
  const [, packed, signature] = /^~([^.]*)\.(.*)$/.exec(token) ?? [];
  if (!packed) return token;
  try {
    const stream = new Blob([bytes(packed)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const [header, ...payload] = (await new Response(stream).text()).split("\n");
    return `${encoded(header)}.${encoded(payload.join("\n"))}.${signature}`;
  } catch {
    return token;
  }
}

const form = hook("verify");
form.hidden = false;

async function check() {
  try {
    show(await judge(await tokenIn(form.token.value), form.name.value.trim()));
  } catch (fault) {
    if (!(fault instanceof Unsound)) console.warn("a certificate could not be checked", fault);
    show({ verdict: "bad", text: fault instanceof Unsound ? fault.message : say("内容不是本服务会签发的样子。", "It has not the form in which this service issues.") });
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});

document.getElementById("verify-file").addEventListener("change", async ({ target }) => {
  if (!target.files.length) return;
  form.token.value = await target.files[0].text();
  check();
});

function take() {
  if (location.hash.length < 2) return;
  form.token.value = location.hash.slice(1);
  check();
}
addEventListener("hashchange", take);
take();

// Only where the browser reads codes by itself.
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  const [button, view] = [hook("verify-scan"), hook("verify-view")];
  button.hidden = false;
  let stream = null;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    view.hidden = true;
  };
  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
    } catch {
      return show({ verdict: "unknown", text: say("相机没有开放给本页。可以用手机自带的相机扫码。", "The camera is not open to this page. The phone’s own camera can scan as well.") });
    }
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (stream) {
      const [found] = await detector.detect(view).catch(() => []);
      if (found) {
        stop();
        form.token.value = found.rawValue;
        check();
      }
      await new Promise(requestAnimationFrame);
    }
  });
}
