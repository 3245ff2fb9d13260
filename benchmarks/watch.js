// What a page does while it is measured: when it last changed, when its reader last pressed something, when the last run
// of its script ended and how much the server sent. Runs before anything else on the page.
(() => {
  "use strict";
  const seen = (window.seen = { changed: performance.now(), pressed: 0, ended: 0, messages: 0, bytes: 0 });
  const now = () => { seen.changed = performance.now(); };
  new MutationObserver(now).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => { Object.assign(seen, { pressed: performance.now(), messages: 0, bytes: 0 }); }, { capture: true });
  }

  // Does this ForwardMsg say that a run has ended (field 6), and not to begin anew (2)?
  const ends = (bytes) => {
    let at = 0;
    const varint = () => {
      let value = 0, weight = 1, byte;
      do { byte = bytes[at++]; value += (byte & 127) * weight; weight *= 128; } while (byte & 128);
      return value;
    };
    while (at < bytes.length) {
      const tag = varint(), kind = tag % 8, field = (tag - kind) / 8;
      if (kind === 0) { const value = varint(); if (field === 6) return value !== 2; }
      else if (kind === 2) { const size = varint(); at += size; }
      else at += kind === 1 ? 8 : 4;
    }
    return false;
  };

  window.WebSocket = class extends WebSocket {
    constructor(...about) {
      super(...about);
      this.addEventListener("message", ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        seen.messages += 1;
        seen.bytes += data.byteLength;
        if (ends(new Uint8Array(data))) seen.ended = performance.now();
      });
    }
  };

  // A page stands when a run has ended since the last press, no chart waits to be drawn, and nothing has moved since.
  window.stands = (quiet) => {
    const app = document.querySelector("[data-test-script-state]");
    const waiting = document.querySelector('[data-testid="stSkeleton"], [data-testid="stPlotlyChart"]:not(:has(.main-svg))');
    return app?.dataset.testScriptState === "notRunning" && !waiting
      && seen.ended > seen.pressed && performance.now() - seen.changed > quiet;
  };
})();
