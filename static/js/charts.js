// Draws every <figure data-chart> with Plotly once its place comes into view. Until then, and
// without scripts, the figure shows the drawing that came with the page.
(() => {
  "use strict";

  const script = document.currentScript;
  const config = {
    locale: "vi",
    responsive: true,
    displaylogo: false,
    modeBarButtons: [["toImage", "zoom2d", "resetScale2d"]],
    toImageButtonOptions: { format: "png", scale: 2 },
  };
  const vietnamese = {
    moduleType: "locale",
    name: "vi",
    dictionary: {
      "Download plot as a PNG": "Tải biểu đồ về (PNG)",
      "Download plot": "Tải biểu đồ về",
      Zoom: "Phóng to một vùng",
      "Reset axes": "Về ban đầu",
      "Taking snapshot - this may take a few seconds": "Đang tạo ảnh…",
      "Snapshot succeeded": "Đã tạo ảnh",
      "Sorry, there was a problem downloading your snapshot!": "Không tạo được ảnh.",
    },
    format: {
      days: ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
      shortDays: ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
      months: Array.from({ length: 12 }, (_, n) => `Tháng ${n + 1}`),
      shortMonths: Array.from({ length: 12 }, (_, n) => `T${n + 1}`),
      date: "%d/%m/%Y",
      decimal: ",",
      thousands: ".",
    },
  };
  let loading;

  function plotly() {
    loading ??= new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = script.dataset.plotly;
      tag.onload = () => {
        window.Plotly.register(vietnamese);
        resolve(window.Plotly);
      };
      tag.onerror = reject;
      document.head.append(tag);
    });
    return loading;
  }

  // On a phone a label gives way to its short form, and every other month below the line goes.
  function shorten(layout) {
    for (const note of layout.annotations ?? []) note.text = note.name ?? note.text;
    const axis = layout.xaxis;
    if (axis?.tickvals?.length > 3) {
      const kept = (_, place) => place % 2 === 0;
      axis.tickvals = axis.tickvals.filter(kept);
      axis.ticktext = axis.ticktext.filter(kept);
    }
  }

  async function draw(figure) {
    const chart = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const place = figure.querySelector(".plot");
    const Plotly = await plotly();
    chart.layout.separators = ",.";
    if (place.clientWidth < 480) shorten(chart.layout);
    const name = { ...config.toImageButtonOptions, filename: figure.dataset.name };
    place.style.minHeight = `${place.offsetHeight}px`;
    place.replaceChildren();
    await Plotly.newPlot(place, chart.data, chart.layout, {
      ...config,
      toImageButtonOptions: name,
    });
  }

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      draw(entry.target).catch(() => {});
    }
  });
  // Those that came with a swap too.
  const drawn = new WeakSet();
  const begin = () => {
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      if (drawn.has(figure)) continue;
      drawn.add(figure);
      watcher.observe(figure);
    }
  };
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
  document.addEventListener("htmx:afterSettle", begin);
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    event.target.querySelectorAll?.(".js-plotly-plot").forEach((plot) => window.Plotly?.purge(plot));
  });
})();
