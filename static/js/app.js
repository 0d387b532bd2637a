// What every page has: says when a request of htmx did not succeed, and sends the token in force.
// The entry sheets send their saves themselves (js/queue.js).
"use strict";

document.documentElement.classList.add("js");

window.ntm = {
  cookie(name) {
    return document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1);
  },
  tell(text) {
    const notice = document.getElementById("notice");
    notice.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }));
    notice.hidden = false;
    return notice;
  },
};

document.addEventListener("htmx:configRequest", (event) => {
  // Another sign-in meanwhile has changed the token: the cookie always holds the one in force.
  const token = window.ntm.cookie("csrftoken");
  if (token && event.detail.verb === "post") event.detail.parameters.csrfmiddlewaretoken = token;
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401) {
    const notice = window.ntm.tell("Phiên làm việc đã hết, nên chưa lưu được. Hãy đăng nhập lại ở thẻ mới rồi làm lại.");
    const link = document.createElement("a");
    Object.assign(link, { href: notice.dataset.signIn, target: "_blank", textContent: "Đăng nhập" });
    notice.append(" ", link);
  } else if (status === 403 || status === 404) {
    window.ntm.tell("Tài khoản này không được làm việc đó ở đây, hoặc trang đã cũ. Hãy tải lại trang.");
  } else {
    window.ntm.tell(`Chưa thực hiện được: máy chủ gặp lỗi (${status}).`);
  }
});
document.addEventListener("htmx:sendError", () => window.ntm.tell("Chưa thực hiện được: mất kết nối tới máy chủ."));
document.addEventListener("htmx:timeout", () => window.ntm.tell("Chưa thực hiện được: máy chủ trả lời quá chậm."));
