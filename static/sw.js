// The service worker: the portal's files from the phone, its pages from the network and, without one, as they were kept.
// The server puts KNOWN before this text: version, files, offline (a page), doors (sign-in, sign-out), places. See ADR 0009.
//
// A page is kept only when its answer names a person (X-Kept-For), in that person's own cache. Passing the sign-in page,
// signing out, or a page for somebody else drops every other cache of pages: nobody reads another's pages on one phone.
"use strict";
const FILES = "files-" + KNOWN.version, PAGES = "pages-";
const MOST = 120, OLD = 7 * 24 * 3600e3; // pages kept, and for how long (ms)
let era = 1, whose = ""; // somebody signs out or in while a page is on its way: what was asked for in an earlier era is not kept
const FRESH = 20 * 60e3, FAR = 4, AHEAD = 60; // laid-in pages: good for (ms), links deep, most at once

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll([...KNOWN.files, KNOWN.offline])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== FILES && !name.startsWith(PAGES)) await caches.delete(name);
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (KNOWN.doors.includes(url.pathname)) event.waitUntil(dropPages());
  } else if (request.mode === "navigate") {
    event.respondWith(page(event, url));
  } else if (KNOWN.files.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname, { ignoreVary: true }).then((file) => file || fetch(request)));
  } else if (/^\/evidence\/[0-9a-f-]+\/thumb$/.test(url.pathname)) {
    event.respondWith(fetch(request).catch(async (gone) => (await kept(url.pathname)) || Promise.reject(gone)));
  }
});

async function page(event, url) {
  const begun = era;
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    event.waitUntil(remember(url, answer.clone(), begun));
    return answer;
  } catch (gone) {
    return (await read(url)) || caches.match(KNOWN.offline, { ignoreVary: true });
  }
}

// Keeps a page for the person it names, and nobody else's any longer; tells in which era it was kept, 0 where it was not.
async function remember(url, answer, begun) {
  if (url.pathname === KNOWN.doors[0] && answer.ok) return dropPages().then(() => 0);
  const person = answer.headers.get("X-Kept-For");
  if (!person || begun !== era || answer.status !== 200 || answer.redirected) return 0;
  if (whose && whose !== person) begun = ++era;
  whose = person;
  await dropPages(PAGES + person);
  if (begun !== era) return 0;
  const cache = await caches.open(PAGES + person), where = url.pathname + url.search;
  await cache.delete(where);
  await cache.put(where, answer);
  const all = await cache.keys();
  for (const one of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(one);
  return still(begun, PAGES + person);
}

// The era that was begun; where it ended while something was being kept, what was kept in it goes again, and 0.
async function still(begun, name) {
  if (begun === era) return begun;
  await caches.delete(name);
  return 0;
}

async function dropPages(but) {
  if (!but) era++;
  for (const name of await caches.keys()) if (name.startsWith(PAGES) && name !== but) await caches.delete(name);
}

async function kept(where) {
  for (const name of await caches.keys()) {
    const found = name.startsWith(PAGES) && await caches.match(where, { cacheName: name, ignoreVary: true }); // open() would make it anew
    if (found && Date.now() - Date.parse(found.headers.get("Date") || 0) < OLD) return found;
  }
  return null;
}

// A page as it was kept, marked so. A form that begins by choosing a place opens with the place as a question of its own.
async function read(url) {
  const next = url.pathname === KNOWN.places && url.searchParams.get("next");
  const found = (await kept(url.pathname + url.search)) || (await kept((next || url.pathname) + "?anywhere"));
  if (!found) return null;
  const text = await found.text(), headers = { "Content-Type": "text/html; charset=utf-8" };
  const policy = found.headers.get("Content-Security-Policy");
  if (policy) headers["Content-Security-Policy"] = policy;
  return new Response(text.replace(" data-now=", " data-kept data-now="), { headers });
}

// Lays in what the pages at hand name with data-ahead: cases one must work on, their next forms, the report form.
self.addEventListener("message", (event) => {
  if (event.data && event.data.ahead) event.waitUntil(ahead(event.data.ahead).catch(() => { /* no network: next time */ }));
});

async function ahead(first) {
  let many = 0;
  const seen = new Set(first), queue = first.map((where) => ({ where, far: 1 }));
  for (const { where, far } of queue) {
    if (many++ >= AHEAD) return;
    const url = new URL(where, self.location.origin);
    if (url.origin !== self.location.origin) continue;
    const text = await laidIn(url);
    for (const [, link] of far < FAR ? text.matchAll(/ data-ahead="([^"]+)"/g) : []) {
      const next = link.replace(/&amp;/g, "&");
      if (!seen.has(next)) queue.push({ where: next, far: far + 1 });
      seen.add(next);
    }
  }
}

async function laidIn(url) {
  const have = await kept(url.pathname + url.search);
  if (have && Date.now() - Date.parse(have.headers.get("Date") || 0) < FRESH) return have.text();
  const begun = era, answer = await fetch(url, { credentials: "same-origin", headers: { "X-Ahead": "1" } });
  if (!answer.ok || answer.redirected) return "";
  const since = await remember(url, answer.clone(), begun), text = await answer.text();
  if (since) await pictures(text, PAGES + answer.headers.get("X-Kept-For"), since);
  return text;
}

// The small photos of a laid-in page, so that the technician sees what is broken.
async function pictures(text, name, since) {
  const cache = await caches.open(name), found = text.match(/\/evidence\/[0-9a-f-]+\/thumb/g) || [];
  for (const where of [...new Set(found)].slice(0, 6)) {
    if (await cache.match(where, { ignoreVary: true })) continue;
    const answer = await fetch(where, { credentials: "same-origin" });
    if (answer.ok) await cache.put(where, answer);
  }
  await still(since, name);
}
