// Tabs: what is chosen in one group is chosen in all of them, and on all pages.
"use strict";

const root = document.documentElement;
const chosen = () => root.dataset.frameworks.split(" ");

function choose(frameworks, from) {
  const before = from.getBoundingClientRect().top;
  const inOrder = d2l.all.filter((name) => frameworks.includes(name));
  d2l.show(inOrder);
  d2l.keep(inOrder.join(","));
  const address = new URL(location.href);
  address.searchParams.set("fw", inOrder.join(","));
  history.replaceState(null, "", address);
  mark();
  // Groups above may be longer or shorter now: what was pressed stays where it was.
  window.scrollBy({ top: from.getBoundingClientRect().top - before, behavior: "instant" });
  document.dispatchEvent(new CustomEvent("d2l:chosen", { detail: inOrder }));
}

// Says to eyes and to assistive technology which tabs are chosen.
function mark() {
  const names = chosen();
  const comparing = names.length > 1;
  for (const list of document.querySelectorAll(".frameworks-tabs")) {
    list.setAttribute("aria-multiselectable", comparing);
    const tabs = [...list.children];
    const selected = tabs.filter((tab) => names.includes(tab.dataset.framework));
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", selected.includes(tab));
      tab.tabIndex = tab === (selected[0] || tabs[0]) ? 0 : -1;
    }
  }
  for (const button of document.querySelectorAll(".frameworks-compare")) {
    button.setAttribute("aria-pressed", comparing);
  }
}

function pressTab(tab) {
  const name = tab.dataset.framework;
  const names = chosen();
  if (names.length < 2) return choose([name], tab);
  const rest = names.filter((other) => other !== name);
  return choose(rest.length < names.length ? rest : [...names, name], tab);
}

function pressCompare(button) {
  const names = chosen();
  if (names.length > 1) return choose([names[0]], button);
  const second = names[0] === "torch" ? "jax" : "torch";
  return choose([...names, second], button);
}

// Arrows move along a row of tabs, Home and End to its ends, as in any tab list.
function moveFocus(event) {
  const tabs = [...event.currentTarget.children];
  const here = tabs.indexOf(document.activeElement);
  const last = tabs.length - 1;
  const places = {
    ArrowRight: here === last ? 0 : here + 1,
    ArrowLeft: here === 0 ? last : here - 1,
    Home: 0,
    End: last,
  };
  if (here < 0 || !(event.key in places)) return;
  event.preventDefault();
  const tab = tabs[places[event.key]];
  tab.focus();
  if (!root.hasAttribute("data-comparing")) pressTab(tab);
}

// Where a browser keeps nothing, the choice travels with the links.
function carryChoice(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.origin !== location.origin || !link.pathname.endsWith(".html")) return;
  if (link.pathname === location.pathname && link.hash) return;
  const address = new URL(link.href);
  if (!address.searchParams.has("fw")) address.searchParams.set("fw", chosen().join(","));
  link.href = address.href;
}

for (const list of document.querySelectorAll(".frameworks-tabs")) {
  list.addEventListener("keydown", moveFocus);
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) pressTab(tab);
  });
}
for (const button of document.querySelectorAll(".frameworks-compare")) {
  button.addEventListener("click", () => pressCompare(button));
}
document.addEventListener("click", carryChoice, true);
mark();
