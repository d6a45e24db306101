// The questions asked from this browser: kept in its own storage, never sent, shown as links to their answers.
const KEY = "rag-commons-questions", MOST = 30;
const box = element.querySelector(".rc-history"), list = box.querySelector("ol");

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) || "[]");
    return found.filter((one) => typeof one.question === "string" && typeof one.search === "string" && one.search.startsWith("?"));
  } catch { return []; }
}

function show() {
  const found = kept();
  box.hidden = !found.length;
  box.querySelector(".rc-count").textContent = found.length;
  list.replaceChildren(...found.map((one) => {
    const link = document.createElement("a"), item = document.createElement("li");
    link.textContent = one.question;
    link.dir = "auto";
    link.href = box.dataset.page + one.search;
    item.append(link);
    return item;
  }));
}

// a browser may refuse to keep anything: the page does without
function keep(found) {
  try { localStorage.setItem(KEY, JSON.stringify(found)); } catch { return; }
  show();
}

window.addEventListener("rc-answered", (event) => {
  const newest = event.detail;
  keep([newest, ...kept().filter((one) => one.question !== newest.question)].slice(0, MOST));
});
element.querySelector("button").addEventListener("click", () => { keep([]); trigger("clear"); });
show();
