// What the page does by itself: copy what a button names, and ask for the document that a button names.

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
  // looked for now: this block may have been there before the footer
  const live = document.querySelector(".rc-live"), before = button.textContent;
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
  if (button.dataset.rcEvent) trigger(button.dataset.rcEvent, { value: button.dataset.rcValue || "", kind: button.dataset.rcKind || "" });
  if (button.dataset.rcDocument !== undefined) trigger("click", { document: button.dataset.rcDocument });
});

// a citation's preview: kept within its sentence, closed by Escape
function peek(event) {
  const cite = event.target.closest?.(".rc-cite");
  if (!cite) return;
  cite.classList.remove("rc-quiet");
  const shown = cite.querySelector(".rc-peek");
  shown.style.left = "0px";
  const over = shown.getBoundingClientRect().right - cite.closest("li").getBoundingClientRect().right;
  if (over > 0) shown.style.left = `${-over}px`;
}
element.addEventListener("mouseover", (event) => { if (!event.target.closest(".rc-peek")) peek(event); });
element.addEventListener("focusin", peek);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const cite of element.querySelectorAll(".rc-cite:hover, .rc-cite:focus-within")) cite.classList.add("rc-quiet");
});
