// The form that sends a file: a file can be dropped on it, and one that is too large is told at once.
(() => {
  "use strict";

  const LARGEST = 20 * 1024 * 1024;

  document.querySelectorAll("form[data-upload]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    const says = form.querySelector("[data-says]");

    function check() {
      const file = input.files[0];
      const large = Boolean(file) && file.size > LARGEST;
      says.hidden = !large;
      says.textContent = large
        ? `Tệp “${file.name}” lớn hơn 20 MB; hãy nén hoặc chia nhỏ rồi tải lên.`
        : "";
      return !large;
    }

    input.addEventListener("change", check);
    form.addEventListener("submit", (event) => {
      if (!check()) event.preventDefault();
    });
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      check();
    });
  });
})();
