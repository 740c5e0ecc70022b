// Passkeys: fills the fields of ordinary forms with what the browser's authenticator says. Without it those
// forms say what they need, and a code or a recovery code goes on working.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const plain = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const keys = (list) => list.map((id) => ({ type: "public-key", id: bytes(id) }));

  const create = async ({ challenge, user, algorithms, keys: known, verification }) => {
    const { response } = await navigator.credentials.create({ publicKey: {
      rp: { id: location.hostname, name: "Wabe" },
      user: { id: bytes(user.id), name: user.name, displayName: user.display },
      challenge: bytes(challenge),
      pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: keys(known),
      authenticatorSelection: { residentKey: "preferred", userVerification: verification },
      attestation: "none",
    } });
    return { client_data: plain(response.clientDataJSON), attestation: plain(response.attestationObject) };
  };

  const sign = async ({ challenge, keys: known, verification }) => {
    const { id, response } = await navigator.credentials.get({ publicKey: {
      rpId: location.hostname,
      challenge: bytes(challenge),
      allowCredentials: keys(known),
      userVerification: verification,
    } });
    return {
      credential: id,
      client_data: plain(response.clientDataJSON),
      said: plain(response.authenticatorData),
      signature: plain(response.signature),
    };
  };

  // What the server wants answered; the challenge is as young as can be.
  const wish = async (path) => {
    const answer = await fetch(path, { headers: { Accept: "application/json" } });
    const wanted = answer.ok && !answer.redirected && await answer.json();
    if (!wanted) throw new DOMException("", "Over");
    return wanted;
  };

  const why = { Over: "over", InvalidStateError: "known" };

  const ready = (box) => {
    const { passkey: kind, options, into } = box.dataset;
    const form = box.querySelector("form") ?? box.closest("form");
    const only = kind === "create" || "only" in box.dataset;
    let busy = false;
    const ask = async () => {
      const field = form.elements.namedItem(into);
      if (busy || ![...form.elements].every((other) => other === field || other.reportValidity())) return;
      busy = true;
      box.querySelectorAll("[data-failed]").forEach((text) => (text.hidden = true));
      try {
        const said = await (kind === "create" ? create : sign)(await wish(options));
        if (kind === "create") {
          for (const [name, value] of Object.entries(said)) form.elements.namedItem(name).value = value;
        } else {
          field.type = "hidden";
          field.value = JSON.stringify(said);
        }
        form.submit();
      } catch (error) {
        box.querySelector(`[data-failed=${why[error.name] ?? "off"}]`).hidden = false;
      }
      busy = false;
    };
    if (only) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        ask();
      });
    } else box.querySelector("button").addEventListener("click", ask);
    box.querySelectorAll("[data-without]").forEach((part) => (part.hidden = true));
    box.querySelectorAll("[data-with]").forEach((part) => (part.hidden = false));
  };

  document.querySelectorAll("[data-passkey]").forEach(ready);
})();
