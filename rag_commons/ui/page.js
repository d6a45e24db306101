// What the page does by itself: copy what a button names, and ask for the document that a button names.
const live = element.closest("main, body").querySelector(".rc-live") || document.querySelector(".rc-live");

function textOf(target) {
  const address = target.getAttribute("href");
  if (!address) return target.textContent;
  // an answer's own address is copied whole, a file as its text
  if (!address.startsWith("data:")) return target.href;
  const bytes = Uint8Array.from(atob(address.split(",")[1]), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

async function copy(button) {
  const target = element.querySelector("#" + CSS.escape(button.dataset.rcCopy));
  if (!target) return;
  const before = button.textContent;
  let told = live?.dataset.copied || "";
  try {
    await navigator.clipboard.writeText(textOf(target));
  } catch {
    told = live?.dataset.refused || "";
  }
  button.textContent = told;
  if (live) live.textContent = told;
  setTimeout(() => { button.textContent = before; if (live) live.textContent = ""; }, 1600);
}

// Gradio gives the page a base, so that « #source » would lead away from an answer's own address
function goTo(hash) {
  if (location.hash === hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  else location.hash = hash;
}

element.addEventListener("click", (event) => {
  const inner = event.target.closest('a[href^="#"]');
  if (inner) {
    event.preventDefault();
    goTo(inner.getAttribute("href"));
    return;
  }
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.rcCopy) copy(button);
  if (button.dataset.rcDocument !== undefined) trigger("click", { document: button.dataset.rcDocument });
});
