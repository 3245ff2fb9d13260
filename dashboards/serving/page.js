// What pages need in the browser and Streamlit does not do: the language of the document, links to a chart, copying,
// and a chart saved as a picture. One listener on the document; nothing is fetched, and nothing here reads data.
(() => {
  "use strict";
  const LANGUAGES = { en: "en", zh: "zh-CN" };

  // Screen readers choose the voice, and browsers the Chinese glyphs, by the language of the document.
  const speak = () => {
    const lang = LANGUAGES[new URLSearchParams(location.search).get("lang")];
    if (lang && document.documentElement.lang !== lang) document.documentElement.lang = lang;
  };
  for (const name of ["pushState", "replaceState"]) {
    const change = history[name].bind(history);
    history[name] = (...args) => { change(...args); speak(); };
  }
  addEventListener("popstate", speak);
  speak();

  // Has a run of the script been asked for that has not ended? A busy server leaves one asked for, not begun, for a while.
  const busy = () => ["running", "rerunRequested"].includes(document.querySelector("[data-test-script-state]")?.dataset.testScriptState);

  // A link to a place on a page (a chart, the tour): it arrives long after the page, so it is waited for, until the reader scrolls.
  const target = /^#[\w-]+$/.test(location.hash) ? location.hash.slice(1) : "";
  if (target) {
    const until = Date.now() + 30000;
    let left = false;
    for (const moved of ["wheel", "touchmove", "keydown"]) addEventListener(moved, () => { left = true; }, { once: true, passive: true });
    const look = () => {
      const found = document.getElementById(target);
      if (found && !left) found.scrollIntoView({ block: "start" });
      if (!left && Date.now() < until && (!found || busy())) setTimeout(look, 200);
    };
    look();
  }

  // What scrolls sideways, such as a wide table on a phone, must be reached by keyboard; Streamlit leaves that out.
  const reach = () => {
    for (const box of document.querySelectorAll('[data-testid="stTable"], [data-testid="stTable"] > *')) {
      if (box.scrollWidth > box.clientWidth && box.tabIndex < 0 && getComputedStyle(box).overflowX === "auto") box.tabIndex = 0;
    }
    // The uploader's button shows our word (`ui/style.css`) and is called by it, not by Streamlit's English one.
    const choose = getComputedStyle(document.documentElement).getPropertyValue("--choose-a-file");
    for (const button of document.querySelectorAll('[data-testid="stFileUploaderDropzone"] button')) {
      if (choose && button.ariaLabel !== JSON.parse(choose)) button.ariaLabel = JSON.parse(choose);
    }
    // The groups of pages on a phone break Streamlit's list in two: links of a navigation say as much without one.
    for (const part of document.querySelectorAll('[data-testid="stSidebarNavItems"], [data-testid="stSidebarNavItems"] li')) part.role = "none";
  };
  let due = 0;
  const soon = () => { due ||= setTimeout(() => { due = 0; reach(); }, 200); };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  addEventListener("resize", soon);

  // On paper a picture shrinks to the width there is (style.css), for which the browser must know how large it was drawn.
  addEventListener("beforeprint", () => {
    for (const picture of document.querySelectorAll(".js-plotly-plot .main-svg")) {
      const wide = picture.getAttribute("width"), high = picture.getAttribute("height");
      picture.setAttribute("viewBox", `0 0 ${wide} ${high}`);
      picture.parentElement.style.setProperty("--shape", `${wide} / ${high}`);
      picture.parentElement.style.setProperty("--wide", `${wide}px`);
    }
  });
  addEventListener("afterprint", () => {
    for (const picture of document.querySelectorAll(".js-plotly-plot .main-svg")) picture.removeAttribute("viewBox");
  });

  const chartOf = (element) => element.closest('[class*="st-key-chart-"]');
  const here = (menu) => location.href.split("#")[0] + "#chart-" + menu.dataset.chart;
  const say = (menu, text) => { menu.querySelector('[role="status"]').textContent = text; };

  const copy = async (text) => {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea"); // a server of the house without https has no clipboard
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("not copied");
  };

  // Text broken so that it fits `width` at `size`; Chinese letters are square.
  const broken = (text, width, size) => {
    const lines = [""];
    let used = 0;
    for (const piece of text.match(/[\u2e80-\uffff]|[^\u2e80-\uffff\s]+\s*|\s+/g) || []) {
      const wide = [...piece].reduce((sum, c) => sum + (c > "\u2e7f" ? size : size * 0.55), 0);
      if (used && used + wide > width) { lines.push(""); used = 0; }
      lines[lines.length - 1] += piece;
      used += wide;
    }
    return lines.map((line) => line.trim());
  };

  // plotly's own button draws the picture; around it go the words that stand beside the chart on the page.
  const save = (menu, format) => {
    const plot = chartOf(menu)?.querySelector(".js-plotly-plot");
    const press = plot?.querySelector(".modebar-btn");
    if (!press) return say(menu, menu.dataset.closed);
    const { layout, _fullLayout: drawn, _context: context } = plot;
    const wide = drawn.width - 24;
    const title = broken(menu.dataset.title, wide, 17).join("<br>");
    const under = broken(menu.dataset.subtitle, wide, 12).join("<br>");
    const source = broken(menu.dataset.source, wide, 11).join("<br>");
    const legend = [...chartOf(menu).querySelectorAll(".legend > span")].map((entry) => {
      const glyph = entry.querySelector("i");
      return `<span style="color:${glyph.style.color}">${glyph.textContent}</span> ${entry.lastChild.textContent.trim()}`;
    }).join("    ");
    const rows = (text) => (text ? text.split("<br>").length : 0);
    const tall = [22 * rows(title), 16 * rows(under), 18 * rows(legend)];
    const above = tall[0] + tall[1] + tall[2] + 16;
    const below = 15 * rows(source) + 12;
    const height = drawn.height + above + below;
    const { t, r, b, l } = drawn._size;
    const words = (size, text, y, yshift) => ({
      text, x: 0, y, yshift, xshift: 8 - l, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top",
      align: "left", showarrow: false, font: { size, color },
    });
    const { backgroundColor, color } = getComputedStyle(document.querySelector('[data-testid="stApp"]'));
    plot.layout = {
      ...layout,
      height,
      paper_bgcolor: backgroundColor,
      margin: { ...layout.margin, t: t + above, r, b: b + below, l },
      annotations: [
        ...(layout.annotations || []),
        words(17, `<b>${title}</b>`, 1, t + above - 6),
        words(12, under, 1, t + above - 6 - tall[0]),
        ...(legend ? [words(12, legend, 1, t + above - 8 - tall[0] - tall[1])] : []),
        words(11, source, 0, -b - 4),
      ],
    };
    context.toImageButtonOptions = { format, filename: menu.dataset.chart, width: drawn.width, height, scale: format === "png" ? 2 : 1 };
    try {
      press.click(); // copies data and layout at once
    } finally {
      plot.layout = layout;
    }
    say(menu, menu.dataset.saved);
  };

  document.addEventListener("click", (event) => {
    const played = event.target.closest?.("button[data-plays]");
    if (played) return plays.has(played.dataset.plays) ? still(played) : play(played);
    const button = event.target.closest?.(".chart-menu button");
    if (!button) return;
    const menu = button.closest(".chart-menu");
    if (button.dataset.save) return save(menu, button.dataset.save);
    const shown = button.dataset.copy === "link" ? null : menu.querySelector(`[data-cite="${button.dataset.copy}"]`);
    copy(shown ? shown.textContent : here(menu)).then(
      () => say(menu, menu.dataset.copied),
      () => say(menu, menu.dataset.refused),
    );
  });

  // A row of periods plays: the slider beside the button is moved as its arrow keys move it, one step at a time, each
  // when the page has drawn the one before. Anything that a reader does to the slider stops it, and so does its end.
  const STEP_MS = 1400;
  const plays = new Map(); // key of the slider to the timer of its next step
  const still = (button) => {
    clearTimeout(plays.get(button.dataset.plays));
    plays.delete(button.dataset.plays);
    if (button.dataset.play) button.textContent = button.dataset.play;
  };
  const play = (button) => {
    const key = button.dataset.plays;
    const slider = () => document.querySelector(`.st-key-${key} input[type="range"]`);
    const press = (thumb, name) => {
      for (const type of ["keydown", "keyup"]) thumb.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true }));
    };
    button.dataset.play ||= button.textContent;
    button.textContent = button.dataset.stop;
    let begun = false;
    const step = () => {
      const shown = document.querySelector(`[data-plays="${key}"]`);
      if (!shown) return plays.delete(key);
      const thumb = slider(); // Streamlit may still be loading it
      if (!thumb || busy()) return plays.set(key, setTimeout(step, 100));
      const atEnd = Number(thumb.value) >= Number(thumb.max);
      if (atEnd && begun) return still(shown);
      press(thumb, atEnd ? "Home" : "ArrowRight");
      begun = true;
      plays.set(key, setTimeout(step, STEP_MS));
    };
    step();
  };
  for (const touched of ["pointerdown", "keydown"]) {
    document.addEventListener(touched, (event) => {
      if (!event.isTrusted) return;
      for (const key of [...plays.keys()]) {
        if (event.target.closest?.(`.st-key-${key}`)) still(document.querySelector(`[data-plays="${key}"]`));
      }
    }, true);
  }

  // The citation names the address of the chart as the reader sees it, which only the browser knows.
  document.addEventListener("toggle", (event) => {
    const menu = event.target.open && event.target.closest?.(".chart-menu");
    if (menu) for (const span of menu.querySelectorAll(".here")) span.textContent = here(menu);
  }, true);
})();
