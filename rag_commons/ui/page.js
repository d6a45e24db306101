// What the page does by itself: copy what a button names, and ask for the document that a button names.

function textOf(target) {
  const address = target.getAttribute("href");
  if (!address) return target.textContent;
  // an answer's own address is copied whole, a file as its text
  if (!address.startsWith("data:")) return target.href;
  const bytes = Uint8Array.from(atob(address.split(",")[1]), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

// says on the button, and to a screen reader, whether the browser let it copy
async function copied(button, writing) {
  // looked for now: this block may have been there before the footer
  const live = document.querySelector(".rc-live"), before = button.textContent;
  let told = live?.dataset.copied || "";
  try {
    await writing();
  } catch {
    told = live?.dataset.refused || "";
  }
  button.textContent = told;
  if (live) live.textContent = told;
  setTimeout(() => { button.textContent = before; if (live) live.textContent = ""; }, 1600);
}

function copy(button) {
  const target = element.querySelector("#" + CSS.escape(button.dataset.rcCopy));
  if (target) copied(button, () => navigator.clipboard.writeText(textOf(target)));
}

const numberOf = (mark) => mark.textContent.replace(/\D/g, "");

function noticesOf(refs) {
  return [...refs].map((ref) => `[${ref}] ${element.querySelector("#notice-" + ref)?.textContent || ""}`);
}

// statements with their numbers, then the notice of each source: what is pasted elsewhere still says where it comes from
function answerLines() {
  const refs = new Set();
  const said = [...element.querySelectorAll(".rc-statements > li")].map((row) => {
    const marks = [...row.querySelectorAll(".rc-ref")];
    for (const mark of marks) refs.add(numberOf(mark));
    return [row.querySelector("[dir]").textContent, ...marks.map((mark) => mark.textContent)].join(" ");
  });
  return [...said, ...noticesOf(refs)];
}

function copyAnswer(button) {
  const lines = answerLines(), rich = document.createElement("div");
  for (const line of lines) {
    const paragraph = rich.appendChild(document.createElement("p"));
    paragraph.style.whiteSpace = "pre-line";
    paragraph.textContent = line;
  }
  const forms = { "text/plain": lines.join("\n\n"), "text/html": rich.innerHTML };
  const blobs = Object.entries(forms).map(([type, content]) => [type, new Blob([content], { type })]);
  copied(button, () => navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]));
}

// a sentence that is copied by hand takes its sources along; a few words do not
element.addEventListener("copy", (event) => {
  const selection = getSelection(), words = selection.toString().trim();
  const within = selection.rangeCount ? selection.getRangeAt(0).commonAncestorContainer : null;
  const list = (within?.closest ? within : within?.parentElement)?.closest(".rc-statements");
  if (!list || words.length < 40) return;
  const rows = [...list.children].filter((row) => selection.containsNode(row, true));
  const refs = new Set(rows.flatMap((row) => [...row.querySelectorAll(".rc-ref")].map(numberOf)));
  event.clipboardData.setData("text/plain", [words, ...noticesOf(refs)].join("\n\n"));
  event.preventDefault();
});

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
  if (button.dataset.rcAnswer !== undefined) copyAnswer(button);
  if (button.dataset.rcPrint !== undefined) print();
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
