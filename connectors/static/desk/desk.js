/* The coach desk. Plain DOM nodes only; what stands in the database is read over HTTP, the WebSocket only says that something changed. */
(() => {
'use strict';

const POLL = 60_000;
const PING = 25_000;
const MAX = 2000;
const VIEWS = {aanvragen: 'Aanvragen', geschiedenis: 'Geschiedenis', plaatsingen: 'Plaatsingen'};
const FAULTS = {
  onbekend: 'Je account staat niet in de lijst met coaches. Vraag het de beheerder.',
  mislukt: 'Het aanmelden is niet gelukt. Probeer het opnieuw, of vraag de beheerder om een aanmeldlink.',
  aanbieder: 'De aanmeldpagina van je organisatie is nu niet bereikbaar. Probeer het later opnieuw.',
};

const $ = id => document.getElementById(id);
const top = $('top'), main = $('inhoud'), problem = $('problem'), news = $('news');

/** What the page knows. `drafts` and `pending` are per request: text not sent yet, and messages under way. */
const state = {me: null, form: '', canned: [], waiting: [], mine: [], loaded: false, view: 'aanvragen', open: null, drafts: {}, pending: {}};
let detail = null;
let socket = null;
let retries = 0;
let offline = false;

/* Making elements ------------------------------------------------------------------------------------------------------------- */

/** Makes an element: `on…` are listeners, true an empty attribute, false or null none. */
function h(tag, props = {}, ...kids) {
  const el = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (k.startsWith('on')) el.addEventListener(k.slice(2), v);
    else if (v !== false && v != null) el.setAttribute(k, v === true ? '' : v);
  }
  el.append(...kids.flat(Infinity).filter(kid => kid != null && kid !== false && kid !== ''));
  return el;
}
const button = (label, onclick, kind = 'outline', more = {}) => h('button', {type: 'button', class: kind, onclick, ...more}, label);
let counter = 0;
const unique = () => `e${++counter}`;

/** Replaces the children of an element and keeps the focus on what carries the same `data-key`. */
function fill(el, ...kids) {
  const key = el.contains(document.activeElement) && document.activeElement.dataset.key;
  el.replaceChildren(...kids.flat(Infinity).filter(Boolean));
  if (key) el.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/* Time and words -------------------------------------------------------------------------------------------------------------- */

const ZONE = {timeZone: 'Europe/Amsterdam'};
const dayKey = date => date.toLocaleDateString('nl-NL', ZONE);
const clock = iso => new Date(iso).toLocaleTimeString('nl-NL', {...ZONE, hour: 'numeric', minute: '2-digit'}).replace(':', '.');
const longDay = iso => new Date(iso.length > 10 ? iso : `${iso}T12:00`).toLocaleDateString('nl-NL', {...ZONE, weekday: 'long', day: 'numeric', month: 'long'});
function moment(iso) {
  const at = new Date(iso), now = new Date();
  const days = {[dayKey(now)]: 'vandaag', [dayKey(new Date(now - 864e5))]: 'gisteren', [dayKey(new Date(+now + 864e5))]: 'morgen'};
  return `${days[dayKey(at)] ?? longDay(iso)} om ${clock(iso)} uur`;
}
function lasting(iso) {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(iso)) / 60_000));
  if (minutes < 1) return 'net binnen';
  if (minutes < 60) return `wacht ${minutes} ${minutes === 1 ? 'minuut' : 'minuten'}`;
  if (minutes < 1440) return `wacht ${Math.floor(minutes / 60)} uur`;
  const days = Math.floor(minutes / 1440);
  return `wacht ${days} ${days === 1 ? 'dag' : 'dagen'}`;
}
const KIND = {handoff: 'Chat', callback: 'Terugbellen'};
const ENDED = {done: 'Afgerond', no_answer: 'Geen gehoor', other: 'Om een andere reden gesloten'};
const stateWords = r => ({accepted: 'Van jou', closed: ENDED[r.close_reason] ?? 'Afgesloten', cancelled: 'Ingetrokken door de werkgever'})[r.state] ?? 'Wacht op een coach';

/* Talking to the server ------------------------------------------------------------------------------------------------------- */

class Refused extends Error {
  constructor(status, text) { super(text); this.status = status; }
}

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(`desk/api/${path}`, {
      method, cache: 'no-store', credentials: 'same-origin',
      headers: {...(method !== 'GET' && {'X-Steunwijzer-Desk': state.form || 'nieuw'}), ...(body && {'Content-Type': 'application/json'})},
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, 'Er is geen verbinding. Controleer je internet en probeer het opnieuw.');
  }
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  if (answer.status === 401 && state.me) signedOut(content.detail);
  throw new Refused(answer.status, content.detail ?? 'Er ging iets mis. Probeer het opnieuw.');
}

/** Does something for the coach and shows what went wrong; gives the answer, or null. */
async function attempt(work) {
  complain('');
  try {
    return await work();
  } catch (wrong) {
    if (!(wrong instanceof Refused)) throw wrong;
    if (state.me || wrong.status !== 401) complain(wrong.message);
    return null;
  }
}

function complain(text) {
  fill(problem, ...(text ? [h('span', {}, text), button('Sluit melding', () => { complain(''); main.focus(); }, 'quiet')] : []));
}
function tell(text) { news.textContent = ''; setTimeout(() => { news.textContent = text; }, 50); }

/* Coming in ------------------------------------------------------------------------------------------------------------------- */

async function start() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('in');
  const fault = FAULTS[fragment.get('fout')];
  if (token || fragment.has('fout')) history.replaceState(null, '', location.pathname);
  try {
    enter(token ? await call('POST', 'session', {token}) : await call('GET', 'me'));
  } catch (wrong) {
    let me = null;
    // A used link in a browser that is signed in already is no reason to stop.
    if (token) me = await call('GET', 'me').catch(() => null);
    if (me) return enter(me);
    const ways = await call('GET', 'signin').catch(() => ({oidc: false}));
    signInPage(ways.oidc, fault ?? (token || wrong.status !== 401 ? wrong.message : ''));
  }
}

function enter(me) {
  Object.assign(state, {me: me.coach, form: me.form, canned: me.canned});
  complain('');
  route();
  connect();
  load();
}

function signedOut(text) {
  state.me = null;
  state.form = '';
  Object.assign(state, {waiting: [], mine: [], loaded: false, drafts: {}, pending: {}});
  detail = null;
  socket?.close();
  call('GET', 'signin').catch(() => ({oidc: false})).then(ways => signInPage(ways.oidc, text));
}

function signInPage(oidc, text) {
  document.title = 'Aanmelden – Werkplek voor coaches';
  complain('');
  fill(top, h('h1', {class: 'brand'}, 'Steunwijzer', h('span', {}, ' werkplek')));
  delete top.dataset.shown;
  document.body.className = 'outside';
  fill(main, h('section', {class: 'card signin'},
    h('h2', {}, 'Aanmelden'),
    text && h('p', {class: 'fault', role: 'alert'}, text),
    oidc && h('p', {}, h('a', {class: 'primary', href: 'desk/oidc/login'}, 'Aanmelden met je werkaccount')),
    h('p', {}, oidc ? 'Lukt dat niet? Vraag de beheerder dan om een aanmeldlink.' : 'Je meldt je aan met een link. Vraag die aan de beheerder.'),
    h('p', {class: 'muted'}, 'Een link werkt één keer, een kwartier lang. De beheerder maakt hem in de terminal:'),
    h('p', {}, h('code', {}, 'steunwijzer desk link jouw@adres.nl'))));
}

/* Live news ------------------------------------------------------------------------------------------------------------------- */

function connect() {
  if (!state.me || (socket && socket.readyState <= 1)) return;
  const address = new URL('desk/ws', location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  address.hash = '';
  const mine = socket = new WebSocket(address);
  mine.onopen = () => { retries = 0; online(true); };
  mine.onmessage = event => heard(JSON.parse(event.data));
  mine.onclose = event => {
    if (mine !== socket) return;
    if (event.code === 4401 && state.me) { call('GET', 'me').catch(() => {}); }
    if (!state.me) return;
    online(false);
    setTimeout(connect, Math.min(15_000, 500 * 2 ** retries++) * (.8 + Math.random() * .4));
  };
}
const say = frame => socket?.readyState === 1 && socket.send(JSON.stringify(frame));

function online(yes) {
  if (offline === !yes) return;
  offline = !yes;
  document.body.classList.toggle('offline', offline);
  const line = $('line');
  if (line) line.textContent = offline ? 'Geen verbinding. We proberen het steeds opnieuw; je ziet nu misschien niet alles.' : '';
  if (!offline) { load(); detail?.reload(); }
}

function heard(frame) {
  if (frame.type === 'queue') load();
  if (frame.type !== 'request') return;
  if (detail?.id === frame.id) detail.heard(frame);
  if (['message', 'state', 'delivered'].includes(frame.kind)) load();
}

let loading = null, again = false;
/** Reads the lists; calls that come while it reads are taken together. */
function load() {
  if (!state.me) return null;
  if (loading) { again = true; return loading; }
  loading = call('GET', 'requests').then(lists => {
    const known = new Set([...state.waiting, ...state.mine].map(r => r.id));
    const fresh = state.loaded ? lists.waiting.filter(r => !known.has(r.id)) : [];
    Object.assign(state, {me: lists.coach, waiting: lists.waiting, mine: lists.mine, loaded: true});
    if (fresh.length) tell(fresh.length === 1 ? `Nieuwe aanvraag uit ${fresh[0].place}.` : `${fresh.length} nieuwe aanvragen.`);
    frame();
    if (state.view === 'aanvragen') renderList();
  }).catch(() => {}).finally(() => {
    loading = null;
    if (again) { again = false; load(); }
  });
  return loading;
}

/* Where we are ---------------------------------------------------------------------------------------------------------------- */

function route() {
  if (!state.me) return;
  const wanted = location.hash.replace(/^#\/?/, '');
  if (wanted === 'inhoud') return;
  const parameters = new URLSearchParams(wanted);
  if (parameters.has('in')) { location.reload(); return; }
  const view = VIEWS[wanted] ? wanted : null;
  if (view) Object.assign(state, {view, open: null});
  else Object.assign(state, {open: wanted || null, view: wanted && state.view !== 'plaatsingen' ? state.view : 'aanvragen'});
  complain('');
  render();
}

const list = h('section', {class: 'list', 'aria-label': 'Lijst'});
const pane = h('section', {class: 'pane', 'aria-label': 'Aanvraag'});

function render() {
  document.body.className = state.open ? 'inside opened' : 'inside';
  if (offline) document.body.classList.add('offline');
  if (state.view === 'plaatsingen') { detail = null; fill(main, list); document.body.classList.add('wide'); }
  else if (!main.contains(pane) || !main.contains(list)) fill(main, list, pane);
  frame();
  renderList();
  if (state.view === 'plaatsingen') return;
  if (!state.open) {
    detail = null;
    fill(pane, h('p', {class: 'empty'}, state.view === 'aanvragen' ? 'Kies een aanvraag om hem te openen.' : 'Kies een afgeronde aanvraag om hem te bekijken.'));
  } else if (detail?.id !== state.open) {
    detail = new Detail(state.open);
  }
}

/** The bar at the top and the title of the window. */
function frame() {
  const unread = state.mine.reduce((sum, r) => sum + (r.unread || 0), 0);
  const forMe = state.waiting.filter(r => r.for_me).length;
  document.title = `${unread + forMe ? `(${unread + forMe}) ` : ''}Werkplek voor coaches – Steunwijzer`;
  const me = state.me;
  const away = me.away_until;
  const signature = JSON.stringify([me, state.view, state.open, offline]);
  if (top.dataset.shown === signature) return;
  top.dataset.shown = signature;
  const word = away ? `Weer aan het werk op ${longDay(away)}` : !me.present ? 'Niet beschikbaar' : 'Beschikbaar';
  fill(top,
    h('h1', {class: 'brand'}, 'Steunwijzer', h('span', {}, ' werkplek')),
    h('nav', {'aria-label': 'Onderdelen'}, h('ul', {}, Object.entries(VIEWS).map(([id, label]) => h('li', {},
      h('a', {href: `#/${id}`, 'data-key': `nav-${id}`, 'aria-current': state.view === id && (state.open ? 'true' : 'page')}, label))))),
    h('div', {class: 'me'},
      h('button', {type: 'button', class: 'quiet presence', 'data-key': 'presence', onclick: availability},
        h('span', {class: away || !me.present ? 'dot off' : 'dot', 'aria-hidden': 'true'}),
        h('span', {class: 'wrap'}, h('span', {class: 'name'}, me.name), h('span', {class: 'word'}, word)), h('span', {class: 'hidden'}, '. Wijzig je beschikbaarheid.')),
      button('Afmelden', leave, 'quiet', {'data-key': 'leave'})),
    h('p', {id: 'line', role: 'status'}, offline ? 'Geen verbinding. We proberen het steeds opnieuw; je ziet nu misschien niet alles.' : ''));
}

async function leave() {
  if (await attempt(async () => { await call('DELETE', 'session'); return true; })) signedOut('Je bent afgemeld.');
}

/* Lists ----------------------------------------------------------------------------------------------------------------------- */

async function renderList() {
  if (state.view === 'aanvragen') {
    fill(list, h('h2', {}, 'Aanvragen'),
      group('Van jou', state.mine, state.loaded ? 'Je hebt nu geen aanvragen.' : 'Wordt geladen …'),
      group('Wacht op een coach', state.waiting, state.loaded ? 'Er wacht niemand in je werkgebied.' : 'Wordt geladen …'));
  } else if (state.view === 'geschiedenis') {
    if (!list.querySelector('[data-view=geschiedenis]')) fill(list, h('h2', {'data-view': 'geschiedenis'}, 'Geschiedenis'), h('p', {class: 'muted'}, 'Wordt geladen …'));
    const found = await attempt(() => call('GET', 'history'));
    if (found && state.view === 'geschiedenis') fill(list, h('h2', {'data-view': 'geschiedenis'}, 'Geschiedenis'), group('Afgerond', found.requests, 'Hier komen je afgeronde aanvragen te staan.'));
  } else {
    const found = await attempt(() => call('GET', 'placements'));
    if (found && state.view === 'plaatsingen') fill(list, h('h2', {}, 'Plaatsingen'), h('p', {}, h('a', {href: 'desk/rapporten'}, 'Rapporten van je regio')), placements(found.placements));
  }
}

function group(title, rows, empty) {
  return h('div', {class: 'group'},
    h('h3', {}, title, rows.length ? h('span', {class: 'count'}, ` (${rows.length})`) : null),
    rows.length ? h('ul', {onkeydown: arrows}, rows.map(item)) : h('p', {class: 'muted'}, empty));
}

function item(r) {
  const late = r.due && new Date(r.due) < Date.now();
  const waiting = !r.mine && !['closed', 'cancelled'].includes(r.state);
  const time = waiting ? lasting(r.created) : r.state === 'accepted' ? `aangenomen ${moment(r.accepted)}` : `${stateWords(r).toLowerCase()} ${moment(r.closed ?? r.created)}`;
  return h('li', {}, h('a', {
    href: `#/${r.id}`, class: 'item', 'data-key': r.id, 'aria-current': state.open === r.id ? 'true' : null,
  },
  h('span', {class: 'line1'}, h('strong', {}, r.place), h('span', {class: 'tag'}, KIND[r.kind]), r.unread ? h('span', {class: 'badge'}, `${r.unread} nieuw`) : null),
  h('span', {class: 'subject'}, r.subject),
  h('span', {class: late && waiting ? 'when late' : 'when'}, h('span', {'data-since': waiting ? r.created : null}, time),
    waiting && r.for_me ? h('span', {class: 'ask'}, 'voor jou') : waiting && r.asked ? ` · gevraagd: ${r.asked}` : null)));
}

/** Arrow keys, Home and End go through a list of links or buttons. */
function arrows(event) {
  const all = [...event.currentTarget.querySelectorAll('a,button')];
  const at = all.indexOf(document.activeElement);
  const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1}[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, to))].focus();
}

function placements(rows) {
  if (!rows.length) return h('p', {class: 'muted'}, 'Je volgt nu geen plaatsingen.');
  return h('ul', {class: 'placements'}, rows.map(p => h('li', {class: 'card'},
    h('h3', {}, p.nickname),
    h('p', {}, p.colour ? h('span', {class: `colour ${p.colour}`}, p.colour) : null,
      p.colour ? `bij de check-in van ${longDay(p.last)}` : p.shared ? 'Nog geen check-in ingevuld.' : 'De werkgever deelt de check-ins niet met je.'),
    p.reasons.length ? h('ul', {class: 'reasons'}, p.reasons.map(reason => h('li', {}, reason))) : null,
    p.shared ? h('p', {}, h('a', {href: `desk/rapporten/plaatsing/${p.id}`}, 'Alle cijfers en de lijn per onderwerp')) : null,
    h('p', {class: 'muted'}, `${p.region} · begonnen op ${longDay(p.started)}${p.ended ? ` · beëindigd op ${longDay(p.ended)}` : p.next_due ? ` · volgende check-in: ${longDay(p.next_due)}` : ''}`))));
}

/* One request ----------------------------------------------------------------------------------------------------------------- */

class Detail {
  constructor(id) {
    this.id = id;
    this.data = null;
    this.shown = new Map();
    this.head = h('div', {class: 'head'});
    this.side = h('div', {class: 'side'});
    this.talk = null;
    fill(pane, h('p', {class: 'empty'}, 'Wordt geladen …'));
    this.reload(true);
  }

  get path() { return `requests/${encodeURIComponent(this.id)}`; }

  async reload(first = false) {
    try {
      const data = await call('GET', this.path);
      if (detail !== this) return;
      this.show(data);
      if (first) { this.title.focus({preventScroll: true}); scrollTo(0, 0); }
    } catch (wrong) {
      if (detail !== this || !state.me || wrong.status === 0) return;
      detail = null;
      fill(pane, this.back(), h('div', {class: 'gone'}, h('h2', {tabindex: '-1'}, 'Niet meer voor jou'), h('p', {role: 'alert'}, wrong.message)));
      pane.querySelector('h2').focus();
    }
  }

  heard(news) {
    if (news.kind === 'typing') this.talk?.typing();
    else if (news.kind === 'presence') this.talk?.presence(news.here);
    else this.reload();
  }

  back() { return h('a', {class: 'back', href: `#/${state.view}`}, '← Terug naar de lijst'); }

  show(data) {
    this.data = data;
    const chatting = data.kind === 'handoff' && data.mine && (data.chat === 'open' || data.chat === 'paused' || data.messages.length > 0);
    if (chatting && !this.talk) this.talk = new Talk(this);
    if (!chatting) this.talk = null;
    const parts = [this.back(), this.head, this.talk?.element, this.side].filter(Boolean);
    if (!pane.contains(this.head) || pane.childElementCount !== parts.length) fill(pane, ...parts);
    pane.classList.toggle('chatting', !!this.talk);
    this.title ??= h('h2', {tabindex: '-1'});
    this.title.textContent = `${KIND[data.kind]} · ${data.place}`;
    fill(this.head, this.title,
      h('p', {class: 'muted'}, `Regio ${data.region.replace(/^Regio /, '')} · ${stateWords(data)} · verstuurd ${moment(data.created)}`),
      h('div', {class: 'actions'}, this.actions(data)));
    this.about();
    this.talk?.show(data);
  }

  actions(d) {
    if (['closed', 'cancelled'].includes(d.state)) return [];
    if (d.state !== 'accepted') {
      return [
        button('Aannemen', () => this.step('accept'), 'primary', {'data-key': 'accept'}),
        d.for_me && button('Ik kan niet', () => this.away('decline'), 'outline', {'data-key': 'decline'}),
        d.for_me && button('Doorgeven', () => this.passOn(), 'outline', {'data-key': 'pass'}),
      ];
    }
    return [
      d.kind === 'callback' && button('Gebeld', () => this.called(), 'primary', {'data-key': 'called'}),
      d.kind === 'callback' && button('Geen gehoor', () => this.step('called', {reached: false}, 'Genoteerd: geen gehoor.'), 'outline', {'data-key': 'noanswer'}),
      d.chat === 'paused' && button('Gesprek hervatten', () => this.step('resume'), 'primary', {'data-key': 'resume'}),
      d.chat === 'open' && button('Teruggeven aan de assistent', () => this.step('give_back', undefined, 'De assistent antwoordt weer.'), 'outline', {'data-key': 'giveback'}),
      button('Doorgeven', () => this.passOn(), 'outline', {'data-key': 'pass'}),
      button('Afsluiten', () => this.close(), 'outline', {'data-key': 'close'}),
    ];
  }

  async step(name, body, words) {
    const data = await attempt(() => call('POST', `${this.path}/${name}`, body));
    load();
    if (data && detail === this) {
      this.show(data);
      if (words) tell(words);
      if (name === 'accept') (this.talk?.input ?? this.title).focus();
      else if (document.activeElement === document.body) this.title.focus();
    } else if (!data && detail === this) {
      const words = problem.textContent;
      await this.reload();
      if (detail === this && words) return;
      // The pane says it already.
      complain('');
    }
  }

  async away(name, body) {
    const done = await attempt(() => call('POST', `${this.path}/${name}`, body));
    load();
    if (!done) { this.reload(); return; }
    location.hash = '#/aanvragen';
    tell(done.asked ? `Doorgegeven. Nu gevraagd: ${done.asked}.` : 'Doorgegeven. De aanvraag staat in de wachtrij voor alle coaches.');
    list.querySelector('a.item')?.focus();
  }

  about() {
    const d = this.data;
    const rows = [
      ['Waar het over gaat', d.subject],
      d.topic && d.topic !== d.subject ? ['Onderwerp', d.topic] : null,
      ['Plaats', `${d.place} (${d.region})`],
      d.wanted || d.wanted_date ? ['Wanneer bellen', d.wanted ?? longDay(d.wanted_date)] : null,
      d.contact?.name ? ['Naam', d.contact.name] : null,
      d.contact?.phone ? ['Telefoon', h('a', {href: `tel:${d.contact.phone}`}, d.contact.phone_shown)] : null,
      d.contact?.email ? ['E-mail', h('a', {href: `mailto:${d.contact.email}`}, d.contact.email)] : null,
      d.contact && !d.contact.phone && !d.contact.email ? ['Contact', 'Geen telefoonnummer of e-mailadres gegeven.'] : null,
      !d.mine ? ['Contact', 'Je ziet dit zodra je de aanvraag aanneemt.'] : null,
      d.due && d.state !== 'accepted' ? ['Reageren', d.for_me ? `Graag voor ${moment(d.due)}; daarna vragen we een collega.` : `${d.asked ?? 'De coaches in de regio'}: tot ${moment(d.due)}.`] : null,
      d.promised && d.kind === 'callback' ? ['Beloofd aan de werkgever', `Gebeld op ${longDay(d.promised)}`] : d.promised && d.state !== 'accepted' && !d.closed ? ['Beloofd aan de werkgever', `Antwoord uiterlijk ${moment(d.promised)}`] : null,
    ].filter(Boolean);
    const signature = JSON.stringify([d.subject, d.state, d.contact, d.due, d.notes, d.events, d.mine]);
    if (this.signature === signature && this.side.childElementCount) return;
    this.signature = signature;
    const open = this.side.querySelector('details')?.open;
    fill(this.side,
      h('section', {class: 'card'}, h('h3', {}, 'Over deze aanvraag'), h('dl', {}, rows.map(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]))),
      d.mine ? this.notes(d) : null,
      h('details', {class: 'card', open}, h('summary', {}, h('h3', {}, 'Wat er gebeurde')),
        h('ol', {class: 'events'}, d.events.map(e => h('li', {}, h('span', {}, `${e.what}${e.by ? `: ${e.by}` : ''}`), h('time', {datetime: e.at}, moment(e.at)))))));
  }

  notes(d) {
    if (!this.noteForm) {
      const id = unique();
      const input = h('textarea', {id, rows: 2, maxlength: MAX, 'data-key': 'note'});
      this.noteForm = h('form', {onsubmit: async event => {
        event.preventDefault();
        if (!input.value.trim()) { complain('Typ eerst een notitie.'); input.focus(); return; }
        const data = await attempt(() => call('POST', `${this.path}/notes`, {text: input.value}));
        if (data && detail === this) { input.value = ''; this.show(data); tell('Notitie bewaard.'); input.focus(); }
      }}, h('label', {for: id}, 'Nieuwe notitie'), input, h('button', {type: 'submit', class: 'outline', 'data-key': 'savenote'}, 'Bewaar notitie'));
    }
    return h('section', {class: 'card'}, h('h3', {}, 'Notities'), h('p', {class: 'muted small'}, 'De werkgever ziet deze niet. Noem geen namen of diagnoses.'),
      d.notes.length ? h('ul', {class: 'notes'}, d.notes.map(n => h('li', {}, h('p', {class: 'said'}, n.text), h('p', {class: 'muted small'}, `${n.by}, ${moment(n.at)}`)))) : null,
      this.noteForm);
  }

  async passOn() {
    const found = await attempt(() => call('GET', `${this.path}/colleagues`));
    if (!found) return;
    const id = unique();
    const option = c => h('option', {value: c.id}, `${c.name} (${c.organisation})${c.away ? ', afwezig' : c.working ? '' : ', nu niet aan het werk'}`);
    const choice = h('select', {id}, h('option', {value: ''}, 'De volgende coach in de rij'),
      h('optgroup', {label: 'Werkt in deze plaats'}, found.colleagues.filter(c => c.serves).map(option)),
      h('optgroup', {label: 'Andere coaches'}, found.colleagues.filter(c => !c.serves).map(option)));
    const sure = await ask('Aanvraag doorgeven', [
      this.data.chat === 'open' ? h('p', {}, 'Het gesprek stopt voor jou. De werkgever ziet dat een collega de vraag krijgt.') : null,
      h('label', {for: id}, 'Aan wie'), choice], 'Doorgeven');
    if (sure) this.away('pass_on', {to: choice.value || null});
  }

  async close() {
    const name = unique();
    const reasons = [['done', 'De vraag is beantwoord'], ['no_answer', 'Ik kreeg geen gehoor'], ['other', 'Een andere reden']];
    const inputs = reasons.map(([value], i) => h('input', {type: 'radio', name, id: `${name}${i}`, value, checked: i === 0}));
    const sure = await ask('Aanvraag afsluiten', [
      this.data.chat === 'open' ? h('p', {}, 'De werkgever ziet dat je het gesprek afsluit en praat daarna weer met de assistent.') : null,
      h('fieldset', {}, h('legend', {}, 'Waarom sluit je af?'), reasons.map(([, label], i) => h('p', {class: 'choice'}, inputs[i], h('label', {for: `${name}${i}`}, label))))], 'Afsluiten');
    if (sure) this.step('close', {reason: inputs.find(i => i.checked).value}, 'Afgesloten. Je vindt de aanvraag terug bij Geschiedenis.');
  }

  async called() {
    const id = unique();
    const text = h('textarea', {id, rows: 3, maxlength: MAX});
    const sure = await ask('Gebeld en afgerond', [h('p', {}, 'De aanvraag wordt afgesloten.'), h('label', {for: id}, 'Notitie (mag leeg blijven)'), text], 'Afronden');
    if (sure) this.step('called', {reached: true, note: text.value}, 'Afgerond. Je vindt de aanvraag terug bij Geschiedenis.');
  }
}

/* Live chat ------------------------------------------------------------------------------------------------------------------- */

class Talk {
  constructor(owner) {
    this.owner = owner;
    this.rows = new Map();
    this.log = h('div', {class: 'log', role: 'log', 'aria-label': 'Gesprek met de werkgever', tabindex: '0'});
    this.status = h('p', {class: 'chatstate', role: 'status'});
    this.typist = h('p', {class: 'typing', 'aria-hidden': 'true'});
    const id = unique();
    this.input = h('textarea', {
      id, rows: 2, maxlength: MAX, 'data-key': 'message', 'aria-describedby': `${id}-hint`,
      oninput: () => { state.drafts[owner.id] = this.input.value; this.tellTyping(); },
      onkeydown: event => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); } },
    });
    this.input.value = state.drafts[owner.id] ?? '';
    this.canned = h('ul', {class: 'canned', id: `${id}-canned`, hidden: true, 'aria-label': 'Standaardantwoorden', onkeydown: event => {
      arrows(event);
      if (event.key === 'Escape') { this.toggleCanned(false); this.cannedButton.focus(); }
    }}, state.canned.map(answer => h('li', {}, h('button', {type: 'button', class: 'cannedanswer', onclick: () => this.insert(answer.text)}, h('strong', {}, answer.title), h('span', {}, answer.text)))));
    this.cannedButton = button('Standaardantwoorden', () => this.toggleCanned(this.canned.hidden), 'outline', {'aria-expanded': 'false', 'aria-controls': `${id}-canned`});
    this.composer = h('form', {class: 'composer', onsubmit: event => { event.preventDefault(); this.send(); }},
      this.canned, h('label', {for: id}, 'Bericht aan de werkgever'), this.input,
      h('div', {class: 'send'}, h('span', {class: 'muted small', id: `${id}-hint`}, 'Enter verstuurt, Shift + Enter geeft een nieuwe regel.'),
        this.cannedButton, h('button', {type: 'submit', class: 'primary'}, 'Verstuur')));
    this.element = h('section', {class: 'talk', 'aria-label': 'Gesprek'}, this.log, this.typist, this.status, this.composer);
    this.told = 0;
  }

  toggleCanned(open) {
    this.canned.hidden = !open;
    this.cannedButton.setAttribute('aria-expanded', String(open));
    if (open) this.canned.querySelector('button')?.focus();
  }

  insert(text) {
    const before = this.input.value.trim();
    this.input.value = state.drafts[this.owner.id] = before ? `${before}\n${text}` : text;
    this.toggleCanned(false);
    this.input.focus();
  }

  show(data) {
    this.data = data;
    const bottom = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    let fresh = false;
    for (const m of data.messages) fresh = this.row(m) || fresh;
    const mine = new Set(data.messages.map(m => m.id).filter(Boolean));
    state.pending[this.owner.id] = (state.pending[this.owner.id] ?? []).filter(p => !mine.has(p.id));
    for (const p of state.pending[this.owner.id]) this.row(p);
    if (!this.log.childElementCount) this.log.append(this.hint = h('p', {class: 'muted'}, 'Nog geen berichten. Begroet de werkgever en zeg wie je bent.'));
    else if (this.rows.size) this.hint?.remove();
    const open = data.chat === 'open';
    this.composer.hidden = !open;
    const words = {
      paused: 'De assistent antwoordt nu. Hervat het gesprek om zelf verder te praten.',
      gone: 'De werkgever heeft het gesprek verwijderd. Je kunt hier niet meer antwoorden.',
      none: 'Dit gesprek is afgesloten.',
    };
    this.state(open ? this.left ?? '' : words[data.chat]);
    if (fresh && (bottom || !this.began)) this.log.scrollTop = this.log.scrollHeight;
    if (this.rows.size) this.began = true;
    this.seen();
  }

  state(text) { if (this.status.textContent !== text) this.status.textContent = text; }

  /** Shows or updates one message; true when it is new. */
  row(m) {
    const key = m.id ?? `v${m.seq}`;
    const known = this.rows.get(key);
    const own = m.from === 'coach', system = m.from === 'system';
    const colleague = own && m.at && new Date(m.at) < new Date(this.data.accepted);
    const word = !own || colleague ? clock(m.at) : m.failed ? 'Niet verstuurd' : !m.seq ? 'Wordt verstuurd …' : m.delivered ? `Afgeleverd ${clock(m.delivered)}` : `Verstuurd ${clock(m.at)}`;
    if (known) {
      if (known.word !== word) {
        known.word = word;
        fill(known.meta, word, m.failed ? button('Probeer opnieuw', () => this.post(m), 'link') : null);
      }
      return false;
    }
    const meta = h('span', {class: 'meta'}, word);
    const row = h('div', {class: system ? 'msg warning' : own && !colleague ? 'msg own' : 'msg'},
      h('span', {class: 'who'}, system ? 'Melding, alleen voor jou' : own ? colleague ? 'Collega' : 'Jij' : 'Werkgever'), h('p', {class: 'said'}, m.text), meta);
    this.rows.set(key, {word, meta});
    this.log.append(row);
    if (!own) this.still();
    return true;
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) { this.input.focus(); return; }
    const m = {id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, from: 'coach', text, at: null};
    (state.pending[this.owner.id] ??= []).push(m);
    this.input.value = '';
    delete state.drafts[this.owner.id];
    this.hint?.remove();
    this.row(m);
    this.log.scrollTop = this.log.scrollHeight;
    this.input.focus();
    // One after the other: they must arrive in the order in which they were written.
    this.queue = (this.queue ?? Promise.resolve()).then(() => this.post(m));
  }

  async post(m) {
    m.failed = false;
    this.row(m);
    for (let tries = 0; ; tries++) {
      try {
        const sent = await call('POST', `${this.owner.path}/messages`, {text: m.text, id: m.id});
        state.pending[this.owner.id] = (state.pending[this.owner.id] ?? []).filter(p => p.id !== m.id);
        // A second tab or the news may have been first with what happened since.
        if (!this.data.messages.some(each => each.id === sent.id)) this.row(sent);
        return;
      } catch (wrong) {
        if (!(wrong instanceof Refused)) throw wrong;
        if (tries < 3 && (wrong.status === 0 || wrong.status >= 500)) { await new Promise(done => setTimeout(done, 700 * 2 ** tries)); continue; }
        m.failed = true;
        this.row(m);
        if (state.me) complain(wrong.message);
        if (wrong.status === 409 || wrong.status === 403) this.owner.reload();
        return;
      }
    }
  }

  tellTyping() {
    if (Date.now() - this.told < 2500 || !this.input.value.trim()) return;
    this.told = Date.now();
    say({type: 'typing', request: this.owner.id});
  }

  typing() {
    this.typist.textContent = 'De werkgever typt …';
    this.presence(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.still(), 5000);
  }
  still() { this.typist.textContent = ''; }

  presence(here) {
    this.left = here ? '' : 'De werkgever heeft de pagina verlaten. Wat je schrijft, staat er als de werkgever terugkomt.';
    if (!here) this.still();
    if (this.data.chat === 'open') this.state(this.left);
  }

  seen() {
    const last = this.data.messages.filter(m => m.from === 'visitor').at(-1);
    if (last && !last.delivered && document.visibilityState === 'visible' && this.data.state === 'accepted') say({type: 'seen', request: this.owner.id, seq: last.seq});
  }
}

/* Dialogs --------------------------------------------------------------------------------------------------------------------- */

/** Asks something in a dialog; true when the coach agrees. The focus goes back to where it was. */
function ask(title, content, yes) {
  const id = unique();
  return new Promise(answer => {
    const form = h('form', {method: 'dialog', onsubmit: event => { event.preventDefault(); box.close('yes'); }},
      h('h2', {id}, title), content.filter(Boolean),
      h('div', {class: 'actions'}, h('button', {type: 'submit', class: 'primary'}, yes), button('Annuleren', () => box.close(''))));
    const box = h('dialog', {'aria-labelledby': id, onclose: () => {
      box.remove();
      if (document.activeElement === document.body) (pane.querySelector('h2') ?? main).focus();
      answer(box.returnValue === 'yes');
    }}, form);
    main.append(box);
    box.showModal();
  });
}

async function availability() {
  const me = state.me;
  const name = unique();
  const tomorrow = new Date(Date.now() + 864e5).toLocaleDateString('sv-SE', ZONE);
  const current = me.away_until ? 'until' : me.present ? 'yes' : 'no';
  const radio = (value, label, more) => h('p', {class: 'choice'}, h('input', {type: 'radio', name, id: `${name}${value}`, value, checked: current === value, onchange: more}), h('label', {for: `${name}${value}`}, label));
  const day = h('input', {type: 'date', id: `${name}day`, min: tomorrow, value: me.away_until ? new Date(me.away_until).toLocaleDateString('sv-SE', ZONE) : ''});
  const until = radio('until', 'Afwezig tot een datum');
  day.addEventListener('focus', () => { until.querySelector('input').checked = true; });
  const fieldset = h('fieldset', {}, h('legend', {}, 'Wil je nieuwe aanvragen krijgen?'), radio('yes', 'Ja, ik ben beschikbaar'), radio('no', 'Nee, nu even niet'), until);
  const sure = await ask('Je beschikbaarheid', [
    h('p', {class: 'muted'}, `${me.working ? 'Het is nu je werktijd.' : 'Het is nu buiten je werktijd; nieuwe aanvragen wachten tot je weer werkt.'} Je werkgebied: ${me.area.join(', ') || 'heel Nederland (reserve)'}. Hooguit ${me.max_open} open aanvragen tegelijk.`), fieldset,
    h('p', {class: 'under'}, h('label', {for: `${name}day`}, 'Weer aan het werk op'), day)], 'Bewaar');
  if (!sure) return;
  const choice = fieldset.querySelector('input:checked').value;
  if (choice === 'until' && !day.value) { complain('Kies een datum: de eerste dag dat je er weer bent.'); return; }
  const changed = await attempt(() => call('PUT', 'me/availability', {present: choice === 'yes', until: choice === 'until' ? day.value : null}));
  if (changed) { state.me = changed; frame(); tell('Je beschikbaarheid is bewaard.'); }
}

/* Start ----------------------------------------------------------------------------------------------------------------------- */

addEventListener('hashchange', route);
addEventListener('keydown', event => {
  if (event.key === 'Escape' && state.open && !document.querySelector('dialog[open]') && !(event.target instanceof HTMLTextAreaElement) && !event.target.closest?.('.canned')) {
    const key = state.open;
    location.hash = `#/${state.view}`;
    setTimeout(() => list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus(), 50);
  }
});
addEventListener('online', () => { retries = 0; connect(); });
addEventListener('beforeunload', event => { if (Object.values(state.pending).some(each => each.length)) event.preventDefault(); });
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') { load(); detail?.talk?.seen(); } });
setInterval(() => say({type: 'ping'}), PING);
setInterval(() => { if (state.me && document.visibilityState === 'visible') load(); }, POLL);
setInterval(() => { for (const el of document.querySelectorAll('[data-since]')) el.textContent = lasting(el.dataset.since); }, 20_000);
start();
})();
