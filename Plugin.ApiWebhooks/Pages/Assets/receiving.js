// A button that copies each program. Where the clipboard is not to be had, there is none.
for (const box of navigator.clipboard ? document.querySelectorAll(".receiving-code") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = box.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("pre").textContent);
    button.textContent = box.dataset.copied;
    setTimeout(() => { button.textContent = box.dataset.copy; }, 2000);
  });
  box.append(button);
}
