// Where two frameworks are compared, the lines of code that only one has are marked.
"use strict";

const PREFORMATTED = "div[class*=highlight] pre";

function codeLines(panel) {
  return [...panel.querySelectorAll(PREFORMATTED)].map((pre) => ({
    pre,
    lines: pre.textContent.replace(/\n$/, "").split("\n"),
  }));
}

// The longest common subsequence of two lists of lines: for each list, the indices of
// the lines that are not in it.
function ownLines(a, b) {
  const length = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i][j] = a[i].trim() === b[j].trim()
        ? length[i + 1][j + 1] + 1
        : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const own = [[], []];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i].trim() === b[j].trim()) { i++; j++; }
    else if (j >= b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) own[0].push(i++);
    else own[1].push(j++);
  }
  return own;
}

function markLines(pre, lines, own) {
  const style = getComputedStyle(pre);
  const height = parseFloat(style.lineHeight);
  const top = parseFloat(style.paddingTop);
  for (const index of own) {
    if (!lines[index].trim()) continue;
    const mark = document.createElement("span");
    mark.className = "difference";
    mark.style.top = `${top + index * height}px`;
    mark.style.height = `${height}px`;
    pre.append(mark);
  }
}

function markDifferences() {
  for (const mark of document.querySelectorAll("pre > .difference")) mark.remove();
  const names = document.documentElement.dataset.frameworks.split(" ");
  if (names.length !== 2) return;
  for (const group of document.querySelectorAll(".frameworks")) {
    const [a, b] = names.map((name) =>
      group.querySelector(`.framework-panel[data-framework="${name}"]`));
    if (!a || !b) continue;
    const [left, right] = [codeLines(a), codeLines(b)];
    for (let i = 0; i < Math.min(left.length, right.length); i++) {
      const own = ownLines(left[i].lines, right[i].lines);
      markLines(left[i].pre, left[i].lines, own[0]);
      markLines(right[i].pre, right[i].lines, own[1]);
    }
  }
}

document.addEventListener("d2l:chosen", markDifferences);
markDifferences();
