// The frameworks whose panels are shown: one, or several side by side. The address
// says it first (?fw=jax or ?fw=torch,jax), then what was chosen last.
window.d2l = (() => {
  const all = ["torch", "tensorflow", "jax", "mxnet"];
  const key = "d2l-frameworks";
  const known = (text) => all.filter((name) => (text || "").split(",").includes(name));
  // A browser may keep nothing for pages in a folder: then the address still works.
  const kept = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (text) => { try { localStorage.setItem(key, text); } catch { /* see above */ } };
  const asked = known(new URLSearchParams(location.search).get("fw"));
  const read = () => (asked.length ? asked : known(kept()));
  const show = (chosen) => {
    const root = document.documentElement;
    root.dataset.frameworks = chosen.join(" ");
    root.toggleAttribute("data-comparing", chosen.length > 1);
    root.style.setProperty("--frameworks-columns", chosen.length);
  };
  const chosen = read();
  show(chosen.length ? chosen : ["torch"]);
  if (asked.length) keep(asked.join(","));
  return { all, keep, show };
})();
