"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const PAGE = 60;
  const EVERY = 2500;

  // A key in the address is taken out of it, so that it is neither shared nor kept in the history.
  const address = new URL(location.href);
  if (address.searchParams.has("code")) {
    sessionStorage.setItem("clipiaflows-key", address.searchParams.get("code"));
    address.searchParams.delete("code");
    history.replaceState(null, "", address);
  }
  const key = () => sessionStorage.getItem("clipiaflows-key");

  const el = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes))
      if (value !== undefined && value !== null && value !== false)
        node.setAttribute(attribute, value === true ? "" : value);
    node.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
    return node;
  };
  const number = value => (value ?? 0).toLocaleString("en", { maximumFractionDigits: 2 });
  const words = state => state.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const STATES = ["Planning", "AwaitingApproval", "Running", "Paused", "Canceling", "Completed", "CompletedWithFailures", "Canceled", "Failed"];
  const JOB_STATES = ["Waiting", "Ready", "Submitting", "Generating", "Copying", "Succeeded", "Failed", "Canceled", "Skipped", "Unresolved"];
  const toneOf = state => ({ Succeeded: "good", Completed: "good", Failed: "bad", CompletedWithFailures: "wait", Unresolved: "wait", Paused: "wait", AwaitingApproval: "wait", Running: "busy", Planning: "busy", Submitting: "busy", Generating: "busy", Copying: "busy" })[state] ?? "";
  const pill = state => el("span", { class: "pill " + toneOf(state) }, words(state));
  const ended = batch => ["Completed", "CompletedWithFailures", "Canceled", "Failed"].includes(batch.state);

  /* The API */
  class WantsKey extends Error {}
  const get = async path => {
    const answer = await fetch(path, { headers: key() ? { "x-functions-key": key() } : {}, cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) throw new WantsKey();
    const body = await answer.json().catch(() => null);
    if (!answer.ok) throw new Error(body ? [body.title, body.detail].filter(Boolean).join(" ") : `The app answered ${answer.status}.`);
    return body;
  };
  const query = parameters => {
    const text = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)).toString();
    return text ? "?" + text : "";
  };
  const pathOf = id => "batches/" + encodeURIComponent(id);
  const withKey = path => path + (key() ? "?code=" + encodeURIComponent(key()) : "");
  const fileOf = (id, path) => withKey(`${pathOf(id)}/outputs/${path.split("/").map(encodeURIComponent).join("/")}`);

  /* Pieces */
  const progress = ({ jobs }) => {
    const parts = [["good", jobs.succeeded], ["wait", jobs.unresolved], ["bad", jobs.failed + jobs.canceled + jobs.skipped], ["copy", jobs.copying], ["busy", jobs.submitting + jobs.generating], ["rest", jobs.waiting + jobs.ready]];
    const done = jobs.succeeded + jobs.failed + jobs.canceled + jobs.skipped + jobs.unresolved;
    const bar = el("div", { class: "progress", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": String(jobs.total), "aria-valuenow": String(done), "aria-label": `${done} of ${jobs.total} jobs done` });
    for (const [tone, count] of parts) {
      if (!count) continue;
      const part = el("span", { class: tone });
      part.style.flexGrow = count;
      bar.append(part);
    }
    return bar;
  };
  const counts = ({ jobs }) => el("p", { class: "under" }, ...["succeeded", "failed", "canceled", "skipped", "unresolved", "copying", "generating", "submitting", "ready", "waiting"]
    .filter(state => jobs[state]).map(state => el("span", {}, `${number(jobs[state])} ${state}`)));
  const tags = batch => Object.entries(batch.tags).map(([name, value]) => `${name}: ${value}`).join(" · ");

  // What did not change keeps its element, so that focus, selection and pictures stay.
  const redraw = (list, entries, keyOf, draw) => {
    const known = new Map([...list.children].map(child => [child.dataset.key, child]));
    let place = null;
    for (const entry of entries) {
      const [id, version] = [keyOf(entry), JSON.stringify(entry)];
      let item = known.get(id);
      known.delete(id);
      if (!item || item.dataset.version !== version) {
        const fresh = draw(entry);
        fresh.dataset.key = id;
        fresh.dataset.version = version;
        if (item) {
          const focused = item.contains(document.activeElement);
          item.replaceWith(fresh);
          if (focused) fresh.querySelector("a, button")?.focus();
        }
        item = fresh;
      }
      if (place ? place.nextElementSibling !== item : list.firstElementChild !== item)
        place ? place.after(item) : list.prepend(item);
      place = item;
    }
    for (const gone of known.values()) gone.remove();
  };

  /* All batches */
  let pages = 1;
  const loadList = async () => {
    const batches = [];
    let continuation = "", more = false;
    for (let page = 0, empty = 0; page < pages && empty < 20;) {
      const answer = await get("batches" + query({ limit: "25", name: $("name").value, state: $("state").value, tag: $("tag").value.includes(":") ? $("tag").value : "", continuation }));
      batches.push(...answer.batches);
      continuation = answer.continuation;
      more = !!continuation;
      if (!more) break;
      if (batches.length >= 25 * (page + 1)) page++; else empty++;
    }
    $("title").textContent = "Batches";
    document.title = "ClipiaFlows";
    $("no-batches").hidden = batches.length > 0;
    $("more-batches").hidden = !more;
    redraw($("batches"), batches, batch => batch.id, batch => el("li", {}, el("a", { class: "batch", href: "#" + encodeURIComponent(batch.id) },
      el("span", {}, el("span", { class: "name" }, batch.name), el("br"), el("span", { class: "small" }, batch.id), tags(batch) ? el("br") : "", tags(batch) ? el("span", { class: "small" }, tags(batch)) : ""),
      el("span", {}, progress(batch), counts(batch), batch.reason ? el("span", { class: "small" }, batch.reason) : ""),
      el("span", { class: "side" }, pill(batch.state), el("span", { class: "small number" }, `${number(batch.credits.charged)}${batch.credits.budget !== null ? " of " + number(batch.credits.budget) : ""} credits`), el("span", { class: "small" }, new Date(batch.createdAt).toLocaleString())))));
  };

  /* One batch */
  let jobPages = 1, lastHead = "";
  const loadOne = async id => {
    const batch = await get(pathOf(id));
    if (current() !== id) return;
    $("title").textContent = batch.name;
    document.title = `${batch.name} · ClipiaFlows`;
    const head = JSON.stringify(batch);
    if (head !== lastHead) {
      lastHead = head;
      const { credits, policy, jobs } = batch;
      const figures = el("dl", { class: "figures" });
      const figure = (name, value) => figures.append(el("div", {}, el("dt", {}, name), el("dd", {}, value)));
      figure("jobs succeeded", `${number(jobs.succeeded)} of ${number(jobs.total)}`);
      figure("credits charged", number(credits.charged));
      figure("estimated", number(credits.estimated));
      if (credits.reserved) figure("reserved", number(credits.reserved));
      if (credits.committed) figure("committed", number(credits.committed));
      if (credits.refunded) figure("refunded", number(credits.refunded));
      if (credits.saved) figure("saved by reuse", number(credits.saved));
      if (credits.budget !== null) figure("budget", number(credits.budget));
      figure("at a time", number(policy.maxConcurrency));
      $("head").replaceChildren(el("div", { class: "head" },
        el("p", { class: "state" }, pill(batch.state), el("span", { class: "small" }, el("code", {}, batch.id), ` · accepted ${new Date(batch.createdAt).toLocaleString()}`, policy.deadlineAt ? ` · deadline ${new Date(policy.deadlineAt).toLocaleString()}` : "", policy.sampleLeft !== null ? " · a sample comes first" : "", tags(batch) ? " · " + tags(batch) : "")),
        batch.reason ? el("p", { class: "notice" }, batch.reason) : "",
        el("div", {}, progress(batch), counts(batch)), figures));
      const links = [
        { text: "Gallery", href: withKey(pathOf(id) + "/gallery") },
        { text: "Table (CSV)", href: withKey(pathOf(id) + "/results") + (key() ? "&" : "?") + "format=csv", download: id + ".csv" },
        ...ended(batch) ? [{ text: "Receipt", href: withKey(pathOf(id) + "/receipt/summary.json") }] : []];
      redraw($("links"), links, link => link.text, ({ text, ...attributes }) => el("a", attributes, text));
    }

    const jobs = [];
    let continuation = "", more = false;
    for (let empty = 0; jobs.length < PAGE * jobPages && empty < 60; empty++) {
      const variable = $("job-variable").value;
      const answer = await get(pathOf(id) + "/jobs" + query({ limit: String(PAGE * jobPages - jobs.length), state: $("job-state").value, model: $("job-model").value, variable: variable.includes(":") ? variable : "", continuation }));
      jobs.push(...answer.jobs);
      continuation = answer.continuation;
      more = !!continuation;
      if (!more) break;
    }
    if (current() !== id) return;
    $("no-jobs").hidden = jobs.length > 0;
    $("more-jobs").hidden = !more;
    redraw($("jobs"), jobs, job => String(job.n), job => el("li", {}, jobCard(id, job)));
  };

  const media = (id, output, alt) => output.contentType.startsWith("video/")
    ? Object.assign(el("video", { src: fileOf(id, output.path), preload: "metadata", playsinline: true, "aria-label": "Clip: " + alt }), { muted: true })
    : el("img", { src: fileOf(id, output.path), alt, loading: "lazy", decoding: "async" });
  const jobCard = (id, job) => {
    const card = el("button", { class: "job", type: "button", "aria-label": `${job.id}, ${words(job.state)}` },
      el("span", { class: "thumb" }, job.outputs.length ? media(id, job.outputs[0], job.id) : el("span", {}, job.error ? job.error.code : words(job.state))),
      el("span", { class: "words" }, el("span", { class: "id" }, job.id), el("span", {}, pill(job.state)), el("span", { class: "small number" }, [job.model, job.cost !== null ? number(job.cost) + " credits" : "", job.attempt > 1 ? `attempt ${job.attempt}` : ""].filter(Boolean).join(" · "))));
    card.addEventListener("click", () => openJob(id, job.id).catch(show));
    return card;
  };

  const openJob = async (id, jobId) => {
    const { job, input, needs, timeline, estimate } = await get(`${pathOf(id)}/jobs/${encodeURIComponent(jobId)}`);
    $("job-title").textContent = job.id;
    let before = null;
    const moments = timeline.map(moment => {
      const after = before === null ? "" : `+${number((new Date(moment.at) - before) / 1000)} s`;
      before = new Date(moment.at);
      return el("li", {}, el("time", { datetime: moment.at }, before.toLocaleTimeString()), el("span", { class: "after" }, after), el("span", {}, words(moment.what), moment.attempt > 1 ? ` (attempt ${moment.attempt})` : "", moment.note ? el("span", { class: "small" }, " " + moment.note) : ""));
    });
    $("job-body").replaceChildren(
      el("p", {}, pill(job.state), ` ${job.model} · ${number(job.cost ?? 0)} credits (estimate ${number(estimate)})`, job.reusedFrom ? ` · reused from ${job.reusedFrom}` : "", needs.length ? ` · needs ${needs.join(", ")}` : ""),
      job.error ? el("p", { class: "notice bad" }, `${job.error.code}: ${job.error.message ?? ""}`) : "",
      ...job.outputs.map(output => { const shown = media(id, output, job.id); if (shown.tagName === "VIDEO") shown.controls = true; return el("p", {}, shown, el("br"), el("a", { href: fileOf(id, output.path) }, output.path)); }),
      el("h3", {}, "What happened"), el("ol", { class: "timeline" }, ...moments),
      el("h3", {}, "Input"), el("pre", { tabindex: "0", "aria-label": "Input" }, JSON.stringify(input, null, 2)));
    $("job").showModal();
  };
  $("job-close").addEventListener("click", () => $("job").close());
  $("job").addEventListener("close", () => $("job-body").replaceChildren());
  $("job").addEventListener("click", click => { if (click.target === $("job")) $("job").close(); });

  /* What is shown, again and again */
  const current = () => decodeURIComponent(location.hash.slice(1));
  const show = trouble => {
    const wantsKey = trouble instanceof WantsKey;
    $("key").hidden = !wantsKey;
    $("trouble").hidden = wantsKey || !trouble;
    $("trouble").textContent = wantsKey || !trouble ? "" : trouble instanceof TypeError ? "The app cannot be reached." : trouble.message;
    $("dot").className = "dot " + (trouble ? "off" : "on");
    $("live").textContent = trouble ? "Not connected" : `Live, ${new Date().toLocaleTimeString()}`;
  };
  let timer, running = false, again = false;
  const refresh = async () => {
    clearTimeout(timer);
    if (running) { again = true; return; }
    running = true;
    const id = current();
    $("list").hidden = !!id;
    $("one").hidden = !id;
    try {
      await (id ? loadOne(id) : loadList());
      show(null);
    } catch (trouble) {
      show(trouble);
    }
    running = false;
    if (again) { again = false; return refresh(); }
    if (!document.hidden) timer = setTimeout(refresh, EVERY);
  };

  for (const state of STATES) $("state").append(el("option", { value: state }, words(state)));
  for (const state of JOB_STATES) $("job-state").append(el("option", { value: state }, words(state)));
  for (const form of ["list-filters", "job-filters"]) {
    $(form).addEventListener("submit", submit => { submit.preventDefault(); refresh(); });
    $(form).addEventListener("input", () => { pages = jobPages = 1; clearTimeout(timer); timer = setTimeout(refresh, 250); });
  }
  $("more-batches").addEventListener("click", () => { pages++; refresh(); });
  $("more-jobs").addEventListener("click", () => { jobPages++; refresh(); });
  $("key").addEventListener("submit", submit => {
    submit.preventDefault();
    sessionStorage.setItem("clipiaflows-key", $("key-text").value);
    $("key-text").value = "";
    refresh();
  });
  addEventListener("hashchange", () => { jobPages = 1; lastHead = ""; $("jobs").replaceChildren(); $("head").replaceChildren(); scrollTo(0, 0); $("main").focus(); refresh(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  refresh();
})();
