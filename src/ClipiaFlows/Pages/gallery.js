"use strict";
(() => {
  const { batch, jobs } = JSON.parse(document.getElementById("data").textContent);
  const $ = id => document.getElementById(id);
  const PAGE = 48;

  // The same page lies at …/gallery, in the receipt, and beside the downloaded files.
  const base = /\/gallery\/?$/.test(location.pathname) ? "outputs/" : /\/receipt\/gallery\.html$/.test(location.pathname) ? "../outputs/" : "";
  const code = new URLSearchParams(location.search).get("code");
  const fileOf = path => base + path.split("/").map(encodeURIComponent).join("/") + (code ? "?code=" + encodeURIComponent(code) : "");

  const el = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes))
      if (value !== undefined && value !== null && value !== false)
        node.setAttribute(key, value === true ? "" : value);
    node.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
    return node;
  };
  const number = value => (value ?? 0).toLocaleString("en", { maximumFractionDigits: 2 });
  const bytes = value => value < 1024 ? value + " B" : value < 1048576 ? number(value / 1024) + " KB" : number(value / 1048576) + " MB";
  const words = state => state.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const cut = (text, length) => text.length > length ? text.slice(0, length - 1) + "…" : text;
  const toneOf = state => ({ Succeeded: "good", Completed: "good", Failed: "bad", CompletedWithFailures: "wait", Unresolved: "wait", Paused: "wait", AwaitingApproval: "wait", Running: "busy", Planning: "busy" })[state] ?? "";

  // One work for each file, and one for a job without any.
  const works = jobs.flatMap(job => job.outputs.length === 0
    ? [{ job, output: null, title: job.id }]
    : job.outputs.map((output, index) => ({ job, output, title: job.outputs.length > 1 ? `${job.id}, ${index + 1} of ${job.outputs.length}` : job.id })));
  for (const work of works)
    work.text = [work.job.id, work.job.prompt, work.output?.path, work.job.error?.code, work.job.error?.message].filter(Boolean).join("\n").toLowerCase();

  const isVideo = output => output.contentType.startsWith("video/");
  const altOf = ({ job, title }) => job.prompt ? cut(job.prompt, 240) : title;
  const sizeOf = output => [output.width && output.height ? `${output.width} × ${output.height}` : "", output.durationSeconds ? number(output.durationSeconds) + " s" : ""].filter(Boolean).join(" · ");

  /* The head */
  $("state").textContent = words(batch.state);
  $("state").className = "pill " + toneOf(batch.state);
  const when = batch.finishedAt ? `finished ${new Date(batch.finishedAt).toLocaleString()}` : `as of ${new Date(batch.updatedAt).toLocaleString()}`;
  $("about").append("Batch ", el("code", {}, batch.id), `, ${when}.`, batch.reason ? ` ${batch.reason}` : "");
  const figure = (name, value) => $("figures").append(el("div", {}, el("dt", {}, name), el("dd", {}, value)));
  figure("jobs succeeded", `${number(batch.jobs.succeeded)} of ${number(batch.jobs.total)}`);
  figure("files", number(works.filter(work => work.output).length));
  figure("credits charged", number(batch.credits.charged));
  if (batch.credits.saved > 0) figure("credits saved by reuse", number(batch.credits.saved));

  /* The filters */
  const filters = [];
  const addFilter = (select, all, valueOf) => {
    const counts = new Map();
    for (const work of works) {
      const value = valueOf(work);
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    select.append(el("option", { value: "" }, all));
    for (const value of [...counts.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true })))
      select.append(el("option", { value: "=" + value }, `${cut(value, 60)} (${number(counts.get(value))})`));
    filters.push(work => select.value === "" || "=" + valueOf(work) === select.value);
  };
  addFilter($("by-state"), "All states", work => work.job.state);
  addFilter($("by-model"), "All models", work => work.job.model);
  for (const name of [...new Set(jobs.flatMap(job => Object.keys(job.variables ?? {})))].sort()) {
    const select = el("select", { "data-variable": name });
    $("variables").append(el("label", { class: "field" }, name, select));
    addFilter(select, "All", work => work.job.variables?.[name]);
  }
  filters.push(work => {
    const asked = $("search").value.trim().toLowerCase();
    return asked === "" || asked.split(/\s+/).every(word => work.text.includes(word));
  });

  /* The works, as many as are looked at */
  const near = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      target.preload = "metadata";
      near.unobserve(target);
    }
  }, { rootMargin: "600px" });

  const mediaOf = work => {
    const { output, job } = work;
    if (!output)
      return el("div", { class: "media without" }, el("span", { class: "pill " + toneOf(job.state) }, words(job.state)), el("span", {}, job.error ? job.error.message || job.error.code : "No file"));
    const link = el("a", { class: "media", href: fileOf(output.path) });
    if (isVideo(output)) {
      const video = el("video", { src: fileOf(output.path), preload: "none", muted: true, playsinline: true, "aria-label": "Clip: " + altOf(work) });
      video.muted = true;
      near.observe(video);
      link.append(video, output.durationSeconds ? el("span", { class: "length" }, "▶ " + number(output.durationSeconds) + " s") : "");
      link.setAttribute("aria-label", "Open clip: " + altOf(work));
    } else
      link.append(el("img", { src: fileOf(output.path), alt: altOf(work), loading: "lazy", decoding: "async" }));
    link.addEventListener("click", click => {
      if (click.ctrlKey || click.metaKey || click.shiftKey) return;
      click.preventDefault();
      open(shown.indexOf(work));
    });
    return link;
  };

  const factsOf = ({ job, output }) => {
    const facts = el("dl", { class: "facts" });
    const fact = (name, value) => { if (value !== undefined && value !== null && value !== "") facts.append(el("dt", {}, name), el("dd", {}, value)); };
    fact("State", words(job.state));
    fact("Error", job.error ? `${job.error.code}: ${job.error.message ?? ""}` : "");
    fact("Model", job.model);
    fact("Credits", number(job.cost));
    fact("Reused from", job.reusedFrom);
    fact("Attempt", job.attempt > 1 ? String(job.attempt) : "");
    if (output) {
      fact("File", el("a", { href: fileOf(output.path) }, output.path));
      if (base === "" && /^https?:/.test(output.url))
        fact("In the app", el("a", { href: output.url, rel: "noreferrer" }, output.url));
      fact("Type", `${output.contentType}, ${bytes(output.bytes)}`);
      fact("Size", sizeOf(output));
      fact("SHA-256", el("code", {}, output.sha256));
    }
    fact("Request", job.requestId ? el("code", {}, job.requestId) : "");
    fact("Idempotency key", job.idempotencyKey ? el("code", {}, job.idempotencyKey) : "");
    return facts;
  };

  const cardOf = work => {
    const { job, output } = work;
    const tags = Object.entries(job.variables ?? {}).map(([name, value]) => el("li", {}, `${name}: ${value}`));
    return el("li", {}, el("article", { "aria-label": work.title },
      mediaOf(work),
      el("div", { class: "words" },
        el("h2", {}, work.title),
        job.prompt ? el("p", { class: "prompt" }, job.prompt) : "",
        tags.length ? el("ul", { class: "tags", "aria-label": "Variables" }, ...tags) : "",
        el("p", { class: "short" }, [job.model, `${number(job.cost)} credits`, output ? sizeOf(output) : "", job.reusedFrom ? "reused" : ""].filter(Boolean).join(" · ")),
        el("details", {}, el("summary", {}, "Details"), factsOf(work)))));
  };

  const many = count => `${number(count)} ${count === 1 ? "work" : "works"}`;
  let shown = works, drawn = 0;
  const drawMore = () => {
    $("works").append(...shown.slice(drawn, drawn + PAGE).map(cardOf));
    drawn = Math.min(shown.length, drawn + PAGE);
  };
  const end = new IntersectionObserver(entries => {
    if (!entries.some(entry => entry.isIntersecting) || drawn >= shown.length) return;
    drawMore();
    // Asked again, in case what was added does not fill the window.
    end.unobserve($("more"));
    end.observe($("more"));
  }, { rootMargin: "1200px" });

  const draw = () => {
    shown = works.filter(work => filters.every(accepts => accepts(work)));
    drawn = 0;
    $("works").replaceChildren();
    $("nothing").hidden = shown.length > 0;
    $("count").textContent = shown.length === works.length
      ? many(works.length)
      : `${number(shown.length)} of ${many(works.length)}`;
    drawMore();
    end.unobserve($("more"));
    end.observe($("more"));
  };

  /* One work, large */
  const viewer = $("viewer");
  let current = 0;
  const open = index => {
    current = index;
    const work = shown[index];
    const address = fileOf(work.output.path);
    $("viewer-title").textContent = work.title;
    $("viewer-media").replaceChildren(isVideo(work.output)
      ? el("video", { src: address, controls: true, autoplay: true, loop: true, playsinline: true, "aria-label": "Clip: " + altOf(work) })
      : el("img", { src: address, alt: altOf(work) }));
    $("viewer-text").replaceChildren(work.job.prompt ? el("p", {}, work.job.prompt) : "", factsOf(work));
    if (!viewer.open) viewer.showModal();
  };
  const step = by => {
    for (let index = current + by; index >= 0 && index < shown.length; index += by)
      if (shown[index].output) return open(index);
  };
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("close").addEventListener("click", () => viewer.close());
  viewer.addEventListener("close", () => $("viewer-media").replaceChildren());
  viewer.addEventListener("click", click => { if (click.target === viewer) viewer.close(); });
  viewer.addEventListener("keydown", key => {
    if (key.target instanceof HTMLVideoElement) return;
    if (key.key === "ArrowLeft") step(-1);
    if (key.key === "ArrowRight") step(1);
  });

  let waiting;
  $("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(draw, 120); });
  $("filters").addEventListener("change", draw);
  $("filters").addEventListener("submit", submit => { submit.preventDefault(); draw(); });
  $("filters").addEventListener("reset", () => setTimeout(draw));
  draw();
})();
