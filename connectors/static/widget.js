/* Steunwijzer: <steunwijzer-chat mode="bubble|inline|page">. Attributes and tokens: docs/widget.md. */
(() => {
'use strict';

/** @import {Card, Link, Listener, Message, State, Waiting} from './contract' */

const MAX = 2000;
const KEY = 'steunwijzer';
const script = document.currentScript;
const ORIGIN = new URL('.', script?.src || location.href).href;
const matches = query => matchMedia(query).matches;
const LATER = ' Probeer het zo nog een keer.';

/** @type {Record<string, any>} browser storage, or memory where the browser forbids that */
let store = {}, tab = {};
try { [store, tab] = [localStorage, sessionStorage]; } catch {}

/**
 * Makes an element: `on…` are listeners, true an empty attribute, false or null none.
 * @param {string} tag @param {Record<string, any>} [props] @param {...any} kids @returns {any}
 */
function h(tag, props = {}, ...kids) {
  const el = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (k.startsWith('on')) el.addEventListener(k.slice(2), v);
    else if (v !== false && v != null) el.setAttribute(k, v === true ? '' : v);
  }
  el.append(...kids.filter(Boolean));
  return el;
}

/** @param {string} kind its class @param {string} label @param {() => void} onclick @param {string} [sign] @param {object} [more] */
const button = (kind, label, onclick, sign, more) => h('button', {type: 'button', class: kind, onclick, ...more}, sign && icon(sign), label && h('span', {}, label));

const PATHS = {
  sign: 'M12 3v18M12 4h6l3 3-3 3h-6M12 11H6l-3 3 3 3h6', person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-8 15-8 16 0',
  phone: 'M5 3h4l2 5-2 2a12 12 0 0 0 5 5l2-2 5 2v4c0 1-1 2-2 2C10 20 4 14 3 5c0-1 1-2 2-2z', menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'M5 5l14 14M19 5L5 19', send: 'M4 12h15M13 5l7 7-7 7', down: 'M12 4v15M5 13l7 7 7-7', check: 'M4 12l5 5L20 6',
  up: 'M7 11v9H4v-9zM7 11l4-8c2 0 3 2 2 4l-1 2h7c1 0 2 1 2 2l-2 7-2 2H7', file: 'M6 2h8l5 5v15H6zM14 2v5h5M9 13h6M9 17h6',
  chat: 'M4 4h16v12H10l-5 4v-4H4z',
};
/** @param {string} name @param {string} [more] */
function icon(name, more = '') {
  const make = (tag, props) => {
    const el = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const k in props) el.setAttribute(k, props[k]);
    return el;
  };
  const svg = make('svg', {viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'icon ' + more});
  svg.append(make('path', {d: PATHS[name]}));
  return svg;
}

/** @param {string} line with `**bold**` */
const inline = line => line.split(/\*\*(.+?)\*\*/).map((part, i) => i % 2 ? h('strong', {}, part) : part);

/** Paragraphs, `- ` and `1. ` lists, bold; everything else stays text. @param {string} text */
function markdown(text) {
  const out = h('div', {class: 'text'});
  for (const block of text.trim().split(/\n\s*\n/)) {
    let open;
    for (const line of block.split('\n')) {
      const item = /^\s*(?:[-•*]|(\d+)\.)\s+(.*)/.exec(line);
      const tag = item ? (item[1] ? 'ol' : 'ul') : 'p';
      if (open?.localName !== tag) out.append(open = h(tag, item?.[1] > 1 ? {start: item[1]} : {}));
      else if (!item) open.append(h('br'));
      open.append(...(item ? [h('li', {}, ...inline(item[2]))] : inline(line)));
    }
  }
  return out;
}

/** A link, or plain text when the address is not http(s). @param {Link} link @param {string} base @param {object} props @param {...any} kids */
function anchor(link, base, props, ...kids) {
  let url;
  try { url = new URL(link.url, base); } catch {}
  return /^https?:$/.test(url?.protocol) ? h('a', {href: url.href, ...props}, ...kids) : link.title;
}
const NEW_TAB = {target: '_blank', rel: 'noopener noreferrer'};

/**
 * A conversation with the server: a WebSocket that resumes by sequence number, HTTP where there is none, an outbox in
 * storage. One message at a time is under way, so that the order survives every break.
 */
class Connection {
  /** @param {string} base @param {Listener} on @param {object} body of a new session */
  constructor(base, on, body) {
    Object.assign(this, {base, on, body, seen: new Set(), after: 0, tries: 0, failures: 0, clock: 0, timers: {}, token: store[KEY], unnumbered: []});
    /** @type {Waiting[]} */
    this.outbox = Object.keys(store).filter(k => k.startsWith(KEY + ':')).sort().map(k => JSON.parse(store[k]));
    const wake = () => { if (!document.hidden) this.live ? this.ping?.() : this.connect(); };
    const {signal} = this.ears = new AbortController();
    addEventListener('online', wake, {signal});
    document.addEventListener('visibilitychange', wake, {signal});
    // A page that the browser keeps for "back" keeps its socket too: the coach would think that somebody still reads.
    addEventListener('pagehide', () => this.drop(), {signal});
    addEventListener('pageshow', e => e.persisted && wake(), {signal});
    addEventListener('storage', e => {
      const token = e.newValue ?? undefined;
      if (e.key !== KEY || token === this.token) return;
      this.reset(token);
      on.expired(token ? 'elsewhere' : 'ended');
      if (token) this.connect();
    }, {signal});
  }

  stop() {
    this.stopped = true;
    this.ears.abort();
    this.drop();
  }

  drop() {
    Object.values(this.timers).forEach(clearTimeout);
    const ws = this.ws;
    Object.assign(this, {timers: {}, ws: null, live: false, busy: false, flying: ''});
    ws?.close();
  }

  /** @param {string} [token] */
  reset(token) {
    this.drop();
    this.token = token;
    this.seen.clear();
    this.after = 0;
  }

  /** @param {string} name @param {number} ms @param {() => void} f */
  later(name, ms, f) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(f, ms);
  }

  /** @param {string} method @param {string} path @param {object} [body] @param {boolean} [raw] @returns {Promise<any>} */
  async api(method, path, body, raw) {
    const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (this.token) headers.Authorization = 'Bearer ' + this.token;
    const r = await fetch(this.base + 'v1/' + path, {method, headers, body: body && JSON.stringify(body), credentials: 'omit', cache: 'no-store'});
    if (r.ok) return raw ? r.blob() : r.status === 204 ? {} : r.json();
    const {detail} = await r.json().catch(() => ({}));
    throw Object.assign(new Error(detail), {status: r.status, wait: +r.headers.get('Retry-After')});
  }

  async connect() {
    if (this.stopped || this.busy || this.live) return;
    this.busy = true;
    try {
      if (!this.token) {
        const made = await this.api('POST', 'sessions', this.body);
        // Another tab may have been quicker: one browser, one conversation.
        this.token = store[KEY] ??= made.token;
        if (this.token === made.token) this.take(made);
      }
      this.http ? await this.poll() : this.socket();
    } catch (e) { this.trouble(e); }
  }

  /** A dead network, or a server that asks for patience. @param {any} e */
  trouble(e) {
    this.drop();
    if (this.stopped || this.gone(e)) return;
    this.on.offline(true, e.status ? e.message : '');
    this.again(e.wait);
  }

  /** @param {number} [seconds] */
  again(seconds) {
    this.later('again', seconds * 1000 || Math.min(500 * 2 ** this.tries++, 10000) * (.7 + .6 * Math.random()), () => this.connect());
  }

  /** The session is over: a new one, and it says so. @param {any} e @returns {boolean} */
  gone(e) {
    if (!this.token || ![401, 404, 410].includes(e.status)) return false;
    if (store[KEY] === this.token) delete store[KEY];
    this.reset(store[KEY]);
    for (const m of this.outbox) delete m.choice;
    this.on.expired('expired');
    this.again();
    return true;
  }

  socket() {
    let greeted;
    const ws = this.ws = new WebSocket(this.base.replace(/^http/, 'ws') + 'v1/ws');
    this.tell = frame => ws.readyState === 1 && ws.send(JSON.stringify(frame));
    const alarm = () => this.later('dead', 8000, () => ws.onclose({}));
    this.ping = () => {
      this.tell({type: 'ping'});
      alarm();
      this.later('beat', 20000, this.ping);
    };
    alarm();
    ws.onopen = () => this.tell({type: 'hello', token: this.token, after: this.after});
    ws.onmessage = ({data}) => {
      const f = JSON.parse(data);
      clearTimeout(this.timers.dead);
      if (f.type === 'message') this.got(f.message);
      if (f.type === 'ack') { this.sent(f.id, f.seq); this.flush(); }
      if (f.type === 'typing') this.on.typing();
      if (f.type === 'error') this.refuse({message: f.detail, status: f.status, wait: f.retry_after}, f.id);
      if (f.type === 'state') {
        this.on.state(f.state);
        if (!greeted) { greeted = true; this.later('beat', 20000, this.ping); this.up(); }
      }
    };
    ws.onclose = ({code}) => {
      if (this.ws !== ws) return;
      // Two sockets that never answered: something between forbids them.
      if (!greeted && code !== 4401 && ++this.failures > 1 && navigator.onLine) this.http = true;
      this.trouble({status: code === 4401 && 401});
    };
  }

  up() {
    Object.assign(this, {live: true, tries: 0, failures: 0});
    this.on.offline(false);
    this.flush();
  }

  async poll() {
    try {
      this.take(await this.api('GET', 'messages?after=' + this.after));
      if (!this.live) this.up();
      this.later('poll', document.hidden ? 20000 : 2500, () => this.poll());
      this.timers.socket ??= setTimeout(() => { this.drop(); this.http = false; this.failures = 1; this.connect(); }, 60000);
    } catch (e) { this.trouble(e); }
  }

  /** @param {{messages?: Message[], state?: State}} reply */
  take(reply) {
    reply.messages?.forEach(m => this.got(m));
    if (reply.state) this.on.state(reply.state);
  }

  /** @param {Message} m */
  got(m) {
    if (m.from === 'user') this.sent(m.id, m.seq, m.text);
    if (this.mark(m.seq)) this.on.message(m);
  }

  /** Notes a number; `after` is the end of the unbroken row, so that a gap is asked for again. @param {number} seq */
  mark(seq) {
    if (this.seen.has(seq)) return false;
    this.seen.add(seq);
    while (this.seen.has(this.after + 1)) this.after++;
    return true;
  }

  /** @param {string} [id] without it: the oldest with this text @param {string} [text] */
  discard(id, text) {
    for (const list of [this.outbox, this.unnumbered]) {
      const i = list.findIndex(m => id ? m.id === id : m.text === text);
      if (i < 0) continue;
      const [m] = list.splice(i, 1);
      delete store[KEY + ':' + m.id];
      if (this.flying === m.id) this.flying = '';
      return m;
    }
  }

  /** @param {string} [id] @param {number} [seq] HTTP may tell it later @param {string} [text] */
  sent(id, seq, text) {
    const m = this.discard(id, text);
    if (!m) return;
    if (!seq) this.unnumbered.push(m);
    this.on.ack(m.id, seq, !seq || this.mark(seq));
  }

  /** @param {string} text @param {unknown} [choice] @returns {string} the client id, which sorts by time */
  send(text, choice) {
    this.clock = Math.max(Date.now(), this.clock + 1);
    const id = this.clock + '-' + crypto.getRandomValues(new Uint32Array(2)).join('');
    const m = {id, text, choice};
    this.outbox.push(m);
    store[KEY + ':' + id] = JSON.stringify(m);
    this.live ? this.flush() : this.connect();
    return id;
  }

  async flush() {
    const m = this.outbox[0];
    if (!m || this.flying || !this.live) return;
    this.flying = m.id;
    if (!this.http) {
      this.later('ack', 15000, () => this.flying === m.id && this.ws?.onclose({}));
      return this.tell({type: 'send', ...m});
    }
    try {
      const reply = await this.api('POST', 'messages', m);
      this.sent(m.id, reply.seq);
      this.take(reply);
      this.flush();
    } catch (e) { e.status < 500 ? this.refuse(e, m.id) : this.trouble(e); }
  }

  /** @param {any} e @param {string} [id] */
  refuse(e, id) {
    if (this.gone(e)) return;
    if (id && e.status === 429) this.later('ack', (e.wait || 5) * 1000, () => { this.flying = ''; this.flush(); });
    else if (id) {
      this.on.refused(id, this.discard(id)?.text);
      this.flush();
    }
    this.on.fail(e.message);
  }

  typing() {
    if (this.http || this.timers.typing) return;
    this.tell?.({type: 'typing'});
    this.later('typing', 3000, () => { delete this.timers.typing; });
  }
}

const CHOOSE = ['Kies of typ uw antwoord'];
/** Per `asks_for`: label, hint, inputmode, autocomplete. */
const ASKS = {
  place: ['Plaats of postcode', 'Bijvoorbeeld Tiel, of 4001 AB', 'text', 'address-level2'],
  contact: ['Telefoonnummer of e-mailadres', '', 'tel', 'tel'],
  date: ['Datum', 'Bijvoorbeeld 15 maart, of: over twee weken'],
  consent: CHOOSE, choice: CHOOSE, behaviour: CHOOSE, step_answer: ['Uw antwoord'],
};
const BOT = 'Steunwijzer, digitale assistent', COACH = 'Coach';
/** @type {State} */
const FRESH = {asks_for: null, step: null, handoff: 'none', crisis: false};

class SteunwijzerChat extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.build();
    if (!this.launcher) this.begin();
    else if (store[KEY] && tab[KEY]) { this.launch('Ga verder met uw gesprek'); this.begin(); }
  }

  disconnectedCallback() {
    this.line?.stop();
    this.line = null;
    document.removeEventListener('keydown', this.escape);
  }

  build() {
    const root = this.attachShadow({mode: 'open'}), sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    const mode = this.getAttribute('mode') ?? 'bubble', bubble = mode === 'bubble';
    this.base = new URL(this.getAttribute('server') ?? '', ORIGIN).href.replace(/\/?$/, '/');
    this.label = this.getAttribute('label') ?? 'Stel uw vraag';
    const discloses = id => ({'aria-expanded': 'false', 'aria-controls': id});

    const item = (label, act) => h('li', {}, button('item', label, act));
    this.menuButton = button('quiet', 'Menu', () => this.toggle('menu'), 'menu', discloses('menu'));
    this.menu = h('ul', {id: 'menu', hidden: true},
      item('Opnieuw beginnen', () => this.confirm('Opnieuw beginnen?', 'De open vraag vervalt. Wat u eerder schreef, kunt u blijven lezen.', 'Begin opnieuw', () => this.say('Opnieuw beginnen'))),
      item('Beëindig gesprek', () => this.confirm('Gesprek beëindigen?', 'U kunt het gesprek daarna nog bewaren of verwijderen.', 'Beëindig gesprek', () => this.end())),
      ...this.keep('item').map(b => h('li', {}, b)));

    const call = (href, name, text, more) => h('li', {}, h('a', {href, ...more}, h('strong', {}, name), h('span', {}, text)));
    this.acuteButton = button('outline red', 'Acute hulp', () => this.toggle('acute'), 'phone', discloses('acute'));
    this.acute = h('div', {id: 'acute', role: 'region', 'aria-label': 'Acute hulp', hidden: true}, h('ul', {},
      call('tel:112', 'Bel 112', 'direct gevaar'), call('tel:113', 'Bel 113', 'gedachten aan zelfdoding (gratis, dag en nacht)'),
      call('tel:08000113', 'Bel 0800-0113', 'als 113 niet lukt (gratis)'), call('https://www.113.nl/', 'Chat op 113.nl', 'nieuw tabblad', NEW_TAB)));

    this.banner = h('div', {class: 'banner', hidden: true});
    const still = () => { this.target = null; };
    this.log = h('div', {class: 'log', role: 'log', 'aria-label': 'Gesprek', tabindex: '0', onwheel: still, onpointerdown: still, ontouchmove: still, onkeydown: still,
      onscroll: () => { if (this.near()) this.newer.hidden = true; }});
    this.newer = button('outline newer', 'Nieuw bericht', () => { this.reveal(this.log.lastElementChild); this.log.focus(); }, 'down', {hidden: true});
    this.busy = h('p', {class: 'busy', role: 'status'});
    this.net = h('p', {class: 'net', role: 'status'});
    this.polite = h('p', {class: 'sr', 'aria-live': 'polite'});

    const quick = label => button('outline small', label, () => { this.say(label); this.focusInput(); });
    this.step = h('div', {class: 'step row', hidden: true}, this.stepText = h('strong'), this.progress = h('progress', {'aria-label': 'Voortgang'}),
      h('div', {class: 'row'}, quick('Terug'), this.skip = quick('Weet ik niet'), quick('Stop')));

    this.caption = h('label', {for: 'text'});
    this.hint = h('p', {id: 'hint', class: 'hint'});
    this.error = h('p', {id: 'error', class: 'error', role: 'alert'});
    this.extra = h('div', {class: 'extra row'});
    this.input = h('textarea', {id: 'text', rows: '1', 'aria-describedby': 'hint error', enterkeyhint: 'send',
      oninput: () => { if (this.input.value.length <= MAX) this.fail(''); this.grow(); if (this.live) this.line.typing(); },
      onkeydown: e => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) this.submit(e); }});
    this.form = h('form', {novalidate: true, onsubmit: e => this.submit(e)}, this.caption, this.hint, this.extra, this.error,
      h('div', {class: 'field'}, this.input, h('button', {class: 'primary send', 'aria-label': 'Verstuur'}, h('span', {}, 'Verstuur'), icon('send'))));
    this.over = h('div', {class: 'over', hidden: true});

    this.dialog = h('dialog', {class: 'ask', 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text'});
    this.heading = h(mode === 'page' ? 'h1' : 'h2', {tabindex: '-1'}, 'Steunwijzer');
    this.panel = h(bubble ? 'dialog' : 'section', {class: 'panel', lang: 'nl', 'aria-label': 'Chat met ' + BOT, onclose: () => this.closed()},
      h('div', {class: 'head'}, h('div', {class: 'wide'}, h('span', {class: 'mark'}, icon('sign')),
        h('div', {class: 'name'}, this.heading, h('p', {}, 'digitale assistent')), this.menuButton,
        bubble && button('quiet', '', () => this.panel.close(), 'close', {'aria-label': 'Sluit de chat'}), this.menu)),
      this.tools = h('div', {class: 'tools'}, h('div', {class: 'wide'}, button('outline', 'Spreek een mens', () => this.human(), 'person'), this.acuteButton)),
      this.acute, this.banner, this.log,
      h('div', {class: 'foot'}, h('div', {class: 'wide'}, this.newer, this.net, this.busy, this.step, this.form, this.over,
        h('details', {class: 'privacy'}, h('summary', {}, 'Digitale assistent en uw privacy'),
          h('p', {}, 'U chat met een computer; wij bewaren het gesprek 30 dagen, tenzij u het eerder verwijdert via het menu. Noem geen naam en geen ziekte van uw medewerker, want dat is niet nodig. Uw browser bewaart een sleutel om dit gesprek te hervatten; wij plaatsen geen cookies. ',
            anchor({title: '', url: this.getAttribute('privacy') ?? 'privacy.html'}, this.base, NEW_TAB, 'Meer over privacy (nieuw tabblad)'))))),
      this.polite, this.dialog);
    root.addEventListener('click', e => { if (!e.composedPath().includes(this.menuButton)) this.toggle('menu', false); });
    root.addEventListener('keydown', e => {
      if (e.key !== 'Escape' || this.menu.hidden) return;
      e.preventDefault();
      this.toggle('menu', false);
      this.menuButton.focus();
    });
    if (bubble) {
      this.launcher = button('primary launcher', this.label, () => this.open(), 'chat', {'aria-haspopup': 'dialog', lang: 'nl'});
      this.escape = e => { if (e.key === 'Escape' && !e.defaultPrevented && !this.dialog.open) { e.preventDefault(); this.panel.close(); } };
    }
    root.append(bubble ? h('aside', {'aria-label': 'Chat'}, this.launcher, this.panel) : this.panel);
    // The step row, an error or a phone's keyboard changes the height: what was shown stays in view.
    new ResizeObserver(() => this.target && this.reveal(this.target, true)).observe(this.log);
    this.ask(null);
  }

  /** The ways to take the conversation along or away. @param {string} kind */
  keep(kind) {
    return [button(kind, 'Bewaar als tekst', () => this.transcript('text')), button(kind, 'Bewaar als pdf', () => this.transcript('pdf')), button(kind, 'Verwijder mijn gegevens', () => this.erase())];
  }

  /** @param {string} label */
  launch(label) { this.launcher.lastChild.textContent = label; }

  /** On a phone the dialog is modal, because nothing else stays visible there. */
  open() {
    matches('(max-width:40rem),(max-height:32rem)') ? this.panel.showModal() : this.panel.show();
    this.launcher.hidden = true;
    this.unread = 0;
    tab[KEY] = 1;
    document.addEventListener('keydown', this.escape);
    this.begin();
    // On a touch screen the keyboard would cover the greeting.
    matches('(pointer:coarse)') ? this.heading.focus() : this.focusInput();
    if (this.target) this.reveal(this.target, true);
  }

  closed() {
    this.launcher.hidden = false;
    delete tab[KEY];
    this.launch(this.label);
    document.removeEventListener('keydown', this.escape);
    this.launcher.focus();
  }

  again() { this.line = null; this.begin(); }

  focusInput() { (this.form.hidden ? this.heading : this.input).focus(); }

  begin() {
    if (this.line) return;
    /** @type {Map<string, HTMLElement>} */ this.pending = new Map();
    this.state = FRESH;
    this.log.replaceChildren();
    this.form.hidden = false;
    this.over.hidden = true;
    const place = this.getAttribute('place');
    this.line = new Connection(this.base, {
      message: m => this.show(m), state: s => this.setState(s), ack: (...a) => this.acked(...a), fail: why => this.fail(why),
      offline: (yes, why) => this.offline(yes, why), typing: () => this.typing(), expired: why => this.expired(why),
      refused: (id, text) => { this.pending.get(id)?.remove(); this.pending.delete(id); this.input.value ||= text; this.grow(); },
    }, place ? {place} : {});
    this.quiet(Boolean(this.line.token));
    for (const m of this.line.outbox) this.waiting(m.id, m.text);
    this.line.connect();
  }

  /** Messages of before a reload are not read out again. @param {boolean} yes */
  quiet(yes) {
    this.restoring = yes;
    this.log.ariaLive = yes ? 'off' : 'polite';
  }

  /** @param {Event} e */
  submit(e) {
    e?.preventDefault();
    const text = this.input.value.trim();
    if (!text || text.length > MAX) {
      this.fail(text ? `Uw bericht is te lang: ${text.length} tekens. Maak het korter dan ${MAX} tekens.` : 'Typ eerst een bericht.');
    } else {
      this.input.value = '';
      this.grow();
      this.say(text);
    }
    this.input.focus();
  }

  /** @param {string} text @param {unknown} [choice] @returns {HTMLElement} the message shown */
  say(text, choice) {
    this.fail('');
    const own = this.waiting(this.line.send(text, choice), text);
    this.settle(text);
    this.reveal(own);
    return own;
  }

  human() {
    if (this.live) this.announce('U spreekt al met een mens: ' + this.who('coach'));
    else {
      if (this.form.hidden) this.again();
      this.say('Ik wil een mens spreken');
    }
    this.focusInput();
  }

  /** @param {string} [why] empty: all is well */
  fail(why = 'Dat lukte niet.' + LATER) {
    // The same words again are not read out again.
    if (this.error.textContent !== why) this.error.textContent = why;
    this.input.toggleAttribute('aria-invalid', !!why);
    if (why) this.input.ariaInvalid = 'true';
  }

  /** @param {any} e @param {string} what */
  failed(e, what) { this.fail(e.status ? e.message : what + ' Er is geen verbinding.' + LATER); }

  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = Math.min(this.input.scrollHeight + 2, 160) + 'px';
  }

  /** @param {string} from @param {{name?: string, role?: string}} [m] */
  who(from, m) {
    if (from === 'user') return 'U';
    if (from === 'assistant') return BOT;
    const coach = m?.name ? m : this.state.coach;
    return coach ? `${coach.name}, ${coach.role ?? 'coach'}` : COACH;
  }

  /** @param {Message} m @param {...any} more */
  bubble(m, ...more) {
    // Who answers has changed: that is said by nobody in particular.
    if (m.system) return h('p', {class: 'msg notice', tabindex: '-1'}, m.text);
    return h('div', {class: 'msg ' + m.from, lang: m.lang, tabindex: '-1'}, h('p', {class: 'who'}, this.who(m.from, m)),
      m.from === 'assistant' ? markdown(m.text) : h('div', {class: 'text'}, m.text), ...more);
  }

  /** @param {string} id @param {string} text */
  waiting(id, text) {
    const el = this.bubble({from: 'user', text}, h('p', {class: 'state'}, 'Wordt verstuurd'));
    el.dataset.seq = 'Infinity';
    this.pending.set(id, el);
    this.log.append(el);
    this.wait();
    return el;
  }

  /** @param {string} id @param {number} [seq] @param {boolean} [fresh] not shown under its number yet */
  acked(id, seq, fresh) {
    const el = this.pending.get(id);
    if (!el) return;
    this.fail('');
    el.querySelector('.state')?.remove();
    // Without a number yet: just after what stands before it.
    el.dataset.seq = +(el.previousElementSibling?.dataset.seq ?? 0) + .5;
    if (!seq) return;
    this.pending.delete(id);
    fresh ? this.put(el, seq) : el.remove();
  }

  /** Puts a message where its number belongs; what waits stays last. @param {HTMLElement} el @param {number} seq */
  put(el, seq) {
    el.dataset.seq = seq;
    let last = this.log.lastElementChild;
    while (last && (last === el || last.dataset.seq > seq)) last = last.previousElementSibling;
    const next = last ? last.nextElementSibling : this.log.firstElementChild;
    if (next !== el) this.log.insertBefore(el, next);
  }

  /** @param {Message} m */
  show(m) {
    const near = this.near(), el = this.bubble(m);
    if (m.from === 'user') this.settle(m.text);
    else { el.append(...this.parts(m, el)); this.wait(false); }
    this.put(el, m.seq);
    if (this.restoring) return;
    if (this.launcher && !this.panel.open) {
      this.unread = (this.unread ?? 0) + 1;
      this.launch(this.unread > 1 ? this.unread + ' nieuwe berichten' : '1 nieuw bericht');
      this.target = el;
    } else if (near || this.target) {
      // Messages in quick succession are one answer: its start stays in view.
      const same = m.from === 'assistant' && !m.system && Date.now() - this.shown < 1500 && this.target?.isConnected && this.target.className === 'msg assistant';
      this.shown = Date.now();
      this.reveal(same ? this.target : el);
    } else this.newer.hidden = false;
  }

  /** Everything under the text of an answer. @param {Message} m @param {HTMLElement} el */
  parts(m, el) {
    const {sources} = m, out = [], first = !this.log.querySelector('.msg');
    if (m.card) {
      // What the text lists for readers without cards is shown once: with buttons to change it.
      const card = this.card(m.card), list = m.card.kind === 'consent' && el.querySelector('.text ul');
      if (list) { card.firstChild.remove(); list.replaceWith(card); } else out.push(card);
    }
    if (m.files?.length) out.push(h('ul', {class: 'files'}, ...m.files.map(f => h('li', {}, anchor(f, this.base, {download: true}, icon('file'), h('span', {}, f.title + (f.type ? ` (${f.type.split('/').pop()})` : '')))))));
    if (sources?.length) {
      out.push(h('div', {class: 'meta'}, h('details', {}, h('summary', {}, (sources[1] ? `Bronnen (${sources.length})` : 'Bron') + (m.checked ? ', nagekeken ' + m.checked : '')),
        h('ul', {}, ...sources.map(s => h('li', {}, anchor(s, this.base, NEW_TAB, s.title, h('span', {class: 'sr'}, ' (nieuw tabblad)')))))), this.thumbs(m.seq)));
    }
    const ask = first && this.getAttribute('question'), choices = [...ask ? [{title: ask, value: ask}] : [], ...m.buttons ?? []];
    if (choices.length) out.push(h('ul', {class: 'choices', 'aria-label': 'Keuzes'}, ...choices.map(c => {
      const pick = h('button', {type: 'button', class: 'outline choice', 'data-value': c.value, onclick: () => { this.picked = pick; this.say(c.value, c.choice).focus({preventScroll: true}); }}, c.title);
      return h('li', {}, pick);
    })));
    return out;
  }

  /** Choices of an answered question stay to be read; follow-up questions stay to be pressed. @param {string} text what was said @param {any} open */
  settle(text, open = this.state.asks_for || this.restoring) {
    for (const b of this.log.querySelectorAll('button.choice')) {
      if (this.picked ? b === this.picked : b.dataset.value === text) { b.classList.add('chosen'); if (!b.firstElementChild) b.prepend(icon('check'), h('span', {class: 'sr'}, 'Gekozen: ')); }
      if (open) b.replaceWith(h('span', {class: b.className.replace('outline', 'done')}, ...b.childNodes));
    }
    if (open) this.log.querySelectorAll('.consent button').forEach(b => b.remove());
    this.picked = null;
  }

  /** @param {Card} card */
  card({kind, title, lines}) {
    return h('div', {class: 'card ' + kind, role: 'group', 'aria-label': title}, h('p', {class: 'title'}, title),
      kind === 'steps' ? h('ol', {}, ...lines.map(l => h('li', {}, h('strong', {}, l.label), ' ', l.value)))
        : h('dl', {}, ...lines.flatMap(l => [h('dt', {}, l.label), h('dd', {}, h('span', {}, l.value),
          l.edit && button('outline small', 'Wijzig', () => { this.say(l.edit); this.focusInput(); }, '', {'aria-label': 'Wijzig: ' + l.label}))])));
  }

  /** @param {number} seq */
  thumbs(seq) {
    const box = h('div', {class: 'thumbs', role: 'group', 'aria-label': 'Oordeel over dit antwoord'}, h('span', {}, 'Helpt dit?'));
    const vote = (value, label, ask) => {
      const b = h('button', {type: 'button', class: 'thumb', 'aria-pressed': 'false', 'aria-label': label, title: label, onclick: () => {
        for (const other of box.querySelectorAll('.thumb')) other.ariaPressed = String(other === b);
        box.querySelector('form')?.remove();
        const why = h('input', {id: 'why' + seq, maxlength: '500', autocomplete: 'off'});
        box.append(h('form', {onsubmit: async e => {
          e.preventDefault();
          const reason = why.value.trim();
          if (reason && await this.feedback({seq, value, reason})) { e.target.remove(); b.focus(); }
        }}, h('label', {for: why.id}, ask + ' (niet verplicht)'), h('div', {class: 'row'}, why, h('button', {class: 'outline'}, 'Verstuur reden'))));
        this.feedback({seq, value});
      }}, icon('up', value));
      return b;
    };
    box.append(vote('up', 'Dit antwoord helpt', 'Wat hielp u?'), vote('down', 'Dit antwoord helpt niet', 'Wat kon beter?'));
    return box;
  }

  /** @param {{seq: number, value: string, reason?: string}} body */
  async feedback(body) {
    try {
      await this.line.api('POST', 'feedback', body);
      this.announce('Bedankt voor uw oordeel.');
      return true;
    } catch (e) { this.failed(e, 'Uw oordeel is niet verstuurd.'); }
  }

  /** @param {State} s */
  setState(s) {
    const before = this.state;
    this.state = s;
    if (this.restoring) {
      clearTimeout(this.restored);
      this.restored = setTimeout(() => { this.quiet(false); if (this.log.lastElementChild) this.reveal(this.log.lastElementChild, true); }, 400);
    }
    this.step.hidden = !s.step;
    if (s.step) {
      this.stepText.textContent = `Stap ${s.step.number} van ${s.step.of}`;
      this.progress.max = s.step.of;
      this.progress.value = s.step.number;
      this.skip.hidden = ['consent', 'contact', 'place'].includes(s.asks_for);
      // The same button stands in the row of the step.
      for (const b of this.log.querySelectorAll('[data-value="Weet ik niet"]')) b.parentNode.hidden = !this.skip.hidden;
    }
    if (s.asks_for !== before.asks_for) this.ask(s.asks_for);
    if (s.crisis) { this.log.querySelector('.msg:last-child .thumbs')?.remove(); if (!before.crisis) this.toggle('acute', true); }
    this.handoff(s);
    // The message of a coach may come before the state that says who it is.
    for (const who of s.coach ? this.log.querySelectorAll('.coach .who') : []) if (who.textContent === COACH) who.textContent = this.who('coach');
  }

  /** @param {string|null} what */
  ask(what) {
    const [label, hint = '', mode, complete] = ASKS[what] ?? ['Uw bericht'];
    const kind = (mode = 'text', complete = 'off') => { this.input.inputMode = mode; this.input.autocomplete = complete; };
    kind(mode, complete);
    this.caption.textContent = label;
    this.hint.textContent = hint;
    this.extra.replaceChildren();
    if (what === 'contact') {
      const radio = (text, mode, checked) => h('label', {class: 'row'}, h('input', {type: 'radio', name: 'kind', checked, onchange: () => kind(mode, mode)}), text);
      this.extra.append(h('fieldset', {class: 'row'}, h('legend', {class: 'sr'}, 'Ik geef mijn'), radio('Telefoon', 'tel', true), radio('E-mail', 'email')));
    }
    if (what === 'date') {
      const day = h('input', {type: 'date', id: 'day', min: new Date().toISOString().slice(0, 10), onchange: () => {
        this.input.value = day.value && new Date(day.value + 'T12:00').toLocaleDateString('nl-NL', {day: 'numeric', month: 'long', year: 'numeric'});
      }});
      this.extra.append(h('label', {for: day.id}, 'Of kies een datum:'), day);
    }
  }

  /** A coach answers here; one who will call, or gave the conversation back, does not. */
  get live() { return this.state.handoff === 'accepted' && this.state.live !== false; }

  /** @param {State} s */
  handoff(s) {
    const hours = s.hours ?? this.getAttribute('hours'), before = this.mode, mode = this.mode = this.live ? 'live' : s.handoff;
    const said = {
      live: [`U spreekt nu met ${this.who('coach')}.`, ' Dit is een mens.'],
      accepted: [`${s.coach?.name ?? 'Een coach'} heeft uw verzoek aangenomen.`, ' Hier antwoordt nu de digitale assistent.'],
      requested: ['Uw aanvraag is verstuurd.', ` ${s.wait ?? 'Een coach komt in dit gesprek zodra dat kan'}.`, hours && ` Coaches werken ${hours}.`],
    }[mode];
    this.banner.hidden = !said;
    if (said) this.banner.replaceChildren(h('div', {class: 'wide'}, icon('person'), h('p', {}, h('strong', {}, said[0]), ...said.slice(1).filter(Boolean))));
    if (said && mode !== before) this.announce(this.banner.textContent);
    // What the assistant had asked is no question of the coach.
    if (this.live) this.settle('', true);
  }

  typing() {
    this.wait(false);
    this.busy.textContent = (this.state.coach?.name ?? 'De coach') + ' typt';
    this.busyTimer = setTimeout(() => this.wait(false), 5000);
  }

  /** Words instead of dots that pretend to be a person. @param {boolean} [yes] */
  wait(yes = true) {
    clearTimeout(this.busyTimer);
    this.busy.textContent = '';
    if (yes && !this.live) this.busyTimer = setTimeout(() => { if (!this.down) this.busy.textContent = 'De assistent zoekt een antwoord.'; }, 900);
  }

  /** @param {boolean} yes @param {string} [why] */
  offline(yes, why) {
    clearTimeout(this.netTimer);
    this.down = yes;
    if (!yes) this.net.textContent = '';
    else this.netTimer = setTimeout(() => {
      this.wait(false);
      this.net.textContent = why || 'Er is nu geen verbinding. Wat u typt, wordt verstuurd zodra de verbinding terug is.';
    }, why ? 0 : 1500);
  }

  /** @param {'expired'|'elsewhere'|'ended'} why */
  expired(why) {
    if (why === 'ended') return this.finish('Dit gesprek is in een ander tabblad beëindigd.');
    this.quiet(false);
    this.setState(FRESH);
    if (why === 'elsewhere') { this.quiet(true); return this.log.replaceChildren(...this.pending.values()); }
    // Old numbers mean nothing any more; old answers can no longer be judged.
    for (const el of this.log.querySelectorAll('.msg')) el.dataset.seq = '';
    this.log.querySelectorAll('.thumbs').forEach(t => t.remove());
    this.notice('Uw vorige gesprek is verlopen. We beginnen een nieuw gesprek.');
    for (const el of this.pending.values()) { el.dataset.seq = 'Infinity'; this.log.append(el); }
  }

  /** @param {'menu'|'acute'} name @param {boolean} [open] */
  toggle(name, open = this[name].hidden) {
    this[name].hidden = !open;
    // Below the tools, which stay in reach.
    this.menu.style.top = this.tools.offsetTop + this.tools.offsetHeight + 'px';
    this[name + 'Button'].ariaExpanded = String(open);
  }

  /** @param {string} title @param {string} text @param {string} yes @param {() => void} act */
  confirm(title, text, yes, act) {
    const choice = (label, kind, f) => button(kind, label, () => { this.dialog.close(); f?.(); }, '', {autofocus: !f});
    this.dialog.replaceChildren(h('h2', {id: 'ask-title'}, title), h('p', {id: 'ask-text'}, text),
      h('div', {class: 'row'}, choice(yes, 'primary', act), choice('Nee, ga terug', 'outline')));
    this.menuButton.focus();
    this.dialog.showModal();
  }

  erase() {
    this.confirm('Gegevens verwijderen?', 'Wij verwijderen dit gesprek en alle gegevens die u hier gaf. Dat kunt u niet ongedaan maken.', 'Verwijder alles', async () => {
      const line = this.line, was = line.stopped;
      line.stopped = true;
      try {
        const proof = await line.api('DELETE', 'session');
        for (const m of [...line.outbox]) line.discard(m.id);
        this.log.replaceChildren();
        this.finish(proof.detail ?? 'Uw gegevens zijn verwijderd.');
      } catch (e) {
        line.stopped = was;
        line.connect();
        this.failed(e, 'Verwijderen lukte niet.');
      }
    });
  }

  end() {
    if (!this.live) return this.finish('Het gesprek is beëindigd.', true);
    this.say('Ik beëindig het gesprek.');
    setTimeout(() => this.finish('Het gesprek is beëindigd.', true), 800);
  }

  /** @param {string} text @param {boolean} [kept] the server still has the conversation */
  finish(text, kept) {
    const line = this.line;
    line.stop();
    if (store[KEY] === line.token) delete store[KEY];
    this.step.hidden = this.banner.hidden = this.form.hidden = true;
    this.over.hidden = false;
    this.wait(false);
    this.offline(false);
    const title = h('p', {tabindex: '-1', class: 'title'}, text);
    this.over.replaceChildren(title, kept ? 'U kunt het nu nog bewaren of verwijderen. Anders verwijderen wij het na 30 dagen.' : '',
      h('div', {class: 'row'}, button('primary', 'Nieuw gesprek', () => { this.again(); this.focusInput(); }),
        ...kept ? this.keep('outline') : []));
    title.focus();
  }

  /** @param {'text'|'pdf'} format */
  async transcript(format) {
    try {
      const href = URL.createObjectURL(await this.line.api('GET', 'transcript?format=' + format, undefined, true));
      h('a', {href, download: 'gesprek.' + (format === 'pdf' ? format : 'txt')}).click();
      setTimeout(() => URL.revokeObjectURL(href), 10000);
      this.announce('Het gesprek is bewaard bij uw downloads.');
    } catch (e) { this.failed(e, 'Bewaren lukte niet.'); }
  }

  /** @param {string} text */
  announce(text) {
    this.polite.textContent = '';
    setTimeout(() => { this.polite.textContent = text; }, 50);
  }

  /** @param {string} text */
  notice(text) {
    const el = h('p', {class: 'notice'}, text);
    this.log.append(el);
    this.reveal(el);
  }

  /** The log scrolls, or on a low screen the panel around it. @returns {HTMLElement} */
  get scroller() { return matches('(max-height:32rem)') ? this.panel : this.log; }

  near() {
    const s = this.scroller;
    return s.scrollHeight - s.scrollTop - s.clientHeight < 120;
  }

  /** To the bottom, but never past the start of what was said last. @param {HTMLElement} el @param {boolean} [now] */
  reveal(el, now) {
    this.target = el;
    const s = this.scroller, top = s.scrollTop + el.getBoundingClientRect().top - s.getBoundingClientRect().top - 12;
    s.scrollTo({top: Math.min(top, s.scrollHeight - s.clientHeight), behavior: now ? 'instant' : 'auto'});
  }
}

/* Dark tokens twice (system setting, attribute): light-dark() is too young for phones in use. */
const DARK = `--_bg:#10191c;--_surface:#182427;--_text:#e8eff0;--_muted:#b0c0c4;--_line:#35484d;--_edge:#82979d;--_brand:#0b3840;--_on-brand:#fff;
--_primary:#8fd3df;--_on-primary:#06262c;--_hover:#b7e5ed;--_action:#9bd9e4;--_soft:#1f3439;--_link:#9bd9e4;--_user:#1d4750;--_on-user:#f1f8f9;
--_warm:#3a2a10;--_warm-edge:#f0b35a;--_warm-text:#ffe7c2;--_danger:#ffb0ab;--_danger-soft:#3d1a1a;--_focus:#fff;--_shadow:0 .5rem 2rem #0009;color-scheme:dark`;
const CSS = `
:host{--_bg:var(--steunwijzer-chat-background-color,#f2f5f5);--_surface:#fff;--_text:#16262b;--_muted:#4a5c62;--_line:#c9d3d5;--_edge:#5b7077;
--_brand:var(--steunwijzer-chat-brand-background-color,#0d4f5c);--_on-brand:var(--steunwijzer-chat-brand-color,#fff);
--_primary:var(--nl-button-primary-background-color,#0d5f6e);--_on-primary:var(--nl-button-primary-color,#fff);--_hover:var(--nl-button-primary-hover-background-color,#093f4a);
--_action:var(--nl-button-secondary-color,#0d5f6e);--_soft:#e1eef0;--_link:var(--nl-link-color,#0d5f6e);
--_user:var(--steunwijzer-chat-user-background-color,#d7e9ec);--_on-user:var(--steunwijzer-chat-user-color,#10272d);
--_warm:#fdf0dc;--_warm-edge:#a35c00;--_warm-text:#4a2a00;--_danger:#a3161d;--_danger-soft:#fdeceb;--_focus:var(--nl-focus-ring-outline-color,#16262b);--_shadow:0 .5rem 2rem #09283038;
display:block;color-scheme:light;font:400 1rem/1.5 var(--nl-paragraph-font-family,system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif);color:var(--_text);text-align:left}
@media(prefers-color-scheme:dark){:host(:not([theme=light])){${DARK}}}
:host([theme=dark]){${DARK}}
:host([mode=page]){height:100dvh}
:host([mode=inline]){height:min(44rem,88vh)}
*{box-sizing:border-box}
[hidden]{display:none!important}
h1,h2,p,ul,ol,dl,dd,fieldset{margin:0;padding:0;border:0}
ul{list-style:none}
button,input,textarea{font:inherit;letter-spacing:inherit;word-spacing:inherit;color:inherit}
a,summary{color:var(--_link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--_focus);outline-offset:2px;box-shadow:0 0 0 2px var(--_surface)}
.sr,.msg.assistant+.assistant .who,.msg.coach+.coach .who,.user .who{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.icon{width:1.25em;height:1.25em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.down{transform:rotate(180deg)}
.wide,#acute ul{width:100%;max-width:46rem;margin:0 auto;padding:.5rem 1rem}
.row,.choices,.thumbs,.meta,#acute a,.tools .wide{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
button{display:inline-flex;align-items:center;justify-content:center;gap:.5rem;min-height:2.75rem;min-width:2.75rem;padding:.5rem 1rem;border:1px solid transparent;border-radius:var(--nl-button-border-radius,.5rem);background:none;font-weight:600;line-height:1.25;text-align:left;cursor:pointer;overflow-wrap:anywhere}
.primary{background:var(--_primary);color:var(--_on-primary)}
.primary:hover{background:var(--_hover)}
.outline{background:var(--_surface);color:var(--_action);border-color:currentColor}
.outline:hover,.item:hover,.thumb:hover{background:var(--_soft)}
.small{min-height:2.25rem;padding:.25rem .75rem;font-size:.9375rem}
.quiet{padding:.5rem}
.quiet:hover{background:#fff3}
.panel{container-type:inline-size;position:relative;display:flex;flex-direction:column;width:100%;height:100%;margin:0;padding:0;border:0;background:var(--_bg);color:inherit;overflow:clip;overflow-wrap:break-word}
dialog.panel:not([open]){display:none}
.head{background:var(--_brand);color:var(--_on-brand)}
.head .wide{display:flex;align-items:center;gap:.75rem}
.head .quiet:focus-visible{outline-color:var(--_on-brand);outline-offset:-3px;box-shadow:none}
.quiet:last-of-type{margin-right:-.5rem}
.mark{display:grid;place-items:center;width:2.75rem;height:2.75rem;border-radius:50%;background:var(--_on-brand);color:var(--_brand);font-size:1.375rem}
.name{flex:1;min-width:0;line-height:1.3}
.name :first-child{font-size:1.125rem;line-height:inherit;outline:none;box-shadow:none}
.name p,.who,.state,dt,.privacy,.thumbs{font-size:.875rem}
#menu{position:absolute;z-index:3;right:max(1rem,50% - 22rem);width:min(18rem,100% - 2rem);padding:.375rem;background:var(--_surface);color:var(--_text);border:1px solid var(--_line);border-radius:.75rem;box-shadow:var(--_shadow)}
.item{width:100%;justify-content:start;font-weight:400}
.tools,.foot{background:var(--_surface);border:0 solid var(--_line)}
.tools{border-bottom-width:1px}
.tools .wide{justify-content:space-between}
.tools button{padding:.5rem .75rem;font-size:.9375rem}
.red{color:var(--_danger)}
.red:hover,#acute{background:var(--_danger-soft)}
#acute{border-bottom:1px solid var(--_danger)}
#acute ul{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr));gap:0 1rem}
#acute a{flex-wrap:nowrap;align-items:baseline;padding:.375rem 0;color:inherit;text-decoration:none;font-size:.9375rem;line-height:1.3}
#acute strong{flex:none;color:var(--_danger);text-decoration:underline}
.banner,.coach .text,.net:not(:empty){background:var(--_warm);color:var(--_warm-text);border:0 solid var(--_warm-edge)}
.banner{border-bottom-width:3px}
.banner .wide{display:flex;gap:.625rem;font-size:.9375rem;line-height:1.4}
.log{flex:1 1 auto;min-height:0;overflow:auto;overscroll-behavior:contain;padding:1.25rem max(1rem,50% - 22rem);display:flex;flex-direction:column;gap:.5rem}
.log:focus-visible{outline-offset:-3px;box-shadow:none}
.msg{max-width:min(38rem,94%);align-self:start}
.msg:focus-visible{outline-offset:4px}
.msg+.user,.user+.msg,.assistant+.coach,.coach+.assistant{margin-top:.75rem}
.who,.state,.hint,.busy,.thumbs,.privacy,dt,.notice{color:var(--_muted)}
.who{margin-bottom:.25rem}
.text{padding:.75rem 1rem;background:var(--_surface);border:1px solid var(--_line);border-radius:.25rem 1rem 1rem}
.text>*+*{margin-top:.625rem}
.text ul{list-style:disc}
.text ul,ol{padding-left:1.25rem}
li+li{margin-top:.375rem}
#menu li,#acute li,.choices li{margin:0}
.user{align-self:end;max-width:min(34rem,86%)}
.user .text{background:var(--_user);color:var(--_on-user);border-color:transparent;border-radius:1rem 1rem .25rem}
.user .text,.coach .text,dd{white-space:pre-wrap}
.user:has(.state) .text{border:1px dashed var(--_edge)}
.state{text-align:right}
.coach .text{border-width:1px 1px 1px 4px}
.coach .who,.title,label,legend{font-weight:600}
.coach .who{color:inherit}
.notice{align-self:center;margin:.5rem 0!important;padding:.375rem .875rem;border:solid var(--_line);border-width:1px 0;font-size:.9375rem;text-align:center}
.choices{margin-top:.625rem}
.choice{border-radius:1.375rem;font-weight:500}
.done{display:inline-flex;align-items:center;gap:.5rem;min-height:2.75rem;padding:.5rem 1rem;line-height:1.25;border:1px dashed var(--_edge);color:var(--_muted)}
.chosen{border-style:solid;color:var(--_text);background:var(--_soft);font-weight:600}
.card{margin-top:.5rem;padding:.875rem 1rem;background:var(--_surface);border:1px solid var(--_line);border-top:4px solid var(--_primary);border-radius:.125rem .125rem .5rem .5rem}
.card .title,.ask h2{margin-bottom:.5rem}
.text .card{padding:0;border:0}
dl{display:grid;grid-template-columns:fit-content(9rem) 1fr}
dt{display:grid;align-items:center;padding:0 1rem .375rem 0}
dd{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;padding-bottom:.375rem}
dd+dt,dd+dt+dd{padding-top:.375rem;border-top:1px solid var(--_line)}
dd span{flex:1 1 10rem;min-width:0}
.files{margin-top:.5rem}
.files a{display:flex;gap:.625rem;align-items:center;min-height:2.75rem;padding:.375rem .75rem;background:var(--_surface);border:1px solid var(--_edge);border-radius:.5rem;font-weight:600}
.meta{align-items:start;justify-content:space-between;gap:0 1rem;margin-top:.375rem;font-size:.9375rem}
summary{padding:.3125rem 0;cursor:pointer}
.meta ul{padding:0 0 .25rem 1rem}
.thumbs{gap:.25rem}
.thumb{min-height:2.25rem;min-width:2.25rem;padding:.25rem}
.thumb[aria-pressed=true]{color:var(--_action);background:var(--_soft);border-color:currentColor}
.thumbs form{flex-basis:100%}
.thumbs input{flex:1 1 12rem;width:auto}
.foot{border-top-width:1px;position:relative}
.newer{position:absolute;bottom:calc(100% + .5rem);left:50%;transform:translate(-50%);border-radius:1.375rem;box-shadow:var(--_shadow)}
.busy,.net,.hint,form label{font-size:.9375rem}
.net:not(:empty){margin-bottom:.5rem;padding:.5rem .75rem;border-width:1px;border-radius:.5rem}
.step{padding-bottom:.5rem;column-gap:.75rem}
progress{flex:1 1 6rem;appearance:none;height:.5rem;border:1px solid var(--_edge);border-radius:.25rem;background:var(--_bg);overflow:hidden}
progress::-webkit-progress-bar{background:none}
progress::-webkit-progress-value{background:var(--_primary)}
progress::-moz-progress-bar{background:var(--_primary)}
.error:not(:empty){margin:.25rem 0;padding-left:.625rem;border-left:4px solid var(--_danger);color:var(--_danger);font-weight:600}
.field{display:flex;gap:.5rem;align-items:end;margin-top:.25rem}
textarea,input:not([type=radio]){width:100%;min-width:0;min-height:2.75rem;padding:.5625rem .75rem;background:var(--_surface);border:1px solid var(--_edge);border-radius:.5rem}
textarea{resize:none;display:block}
textarea:focus-visible,input:focus-visible{outline-offset:-1px;box-shadow:none}
[aria-invalid]{border-color:var(--_danger)!important;border-width:2px!important}
.send{flex:none}
.extra{gap:.25rem .75rem}
.extra input[type=date]{width:auto}
fieldset{column-gap:1.25rem!important}
fieldset label{min-height:2rem;font-weight:400}
[type=radio]{width:1.5rem;height:1.5rem;margin:0;accent-color:var(--_primary)}
.privacy p{padding-bottom:.5rem}
.privacy summary{padding:.375rem 0 0;width:fit-content}
.over .row{margin:.625rem 0}
.over .title{outline:none;box-shadow:none}
.ask{max-width:min(28rem,100% - 2rem);padding:1.5rem;border:1px solid var(--_line);border-radius:.75rem;background:var(--_surface);color:var(--_text)}
.ask h2{font-size:1.25rem;line-height:1.3}
.ask .row{margin-top:1.25rem}
::backdrop{background:#06181d8c}
.launcher,dialog.panel{position:fixed;z-index:2147483000;right:1.25rem;bottom:1.25rem;box-shadow:var(--_shadow)}
.launcher{min-height:3.5rem;max-width:calc(100vw - 2.5rem);padding:.5rem 1.25rem;border-radius:1.75rem;font-size:1.0625rem}
dialog.panel{left:auto;top:auto;width:26rem;height:min(44rem,100dvh - 2.5rem);border:1px solid var(--_line);border-radius:1rem}
:host([mode=inline]) .panel{border:1px solid var(--_line);border-radius:.75rem}
@media(max-width:40rem),(max-height:32rem){dialog.panel{inset:0;width:100%;height:100dvh;max-width:none;max-height:none;border:0;border-radius:0}}
@container(max-width:36rem){dl{display:block}dt{padding-bottom:0}dd+dt+dd{border:0;padding-top:0}}
@container(max-width:30rem){.wide,.log,#acute ul{padding-left:.75rem;padding-right:.75rem}.tools button{padding:.5rem}.send span{display:none}}
@container(max-width:22.5rem){.tools .icon,dialog .mark{display:none}}
@container(max-width:19rem){.mark{display:none}}
@media(max-height:32rem){.panel{overflow-y:auto!important}.log{flex:none;overflow:visible}.newer{position:static;transform:none}}
@media(prefers-reduced-motion:no-preference){.log,.panel{scroll-behavior:smooth}}
@media(forced-colors:active){.text,.primary,.quiet,.thumb[aria-pressed=true]{border:1px solid}.user .text{border-right-width:4px}.chosen{border-width:2px}progress{forced-color-adjust:none;background:Canvas;border-color:CanvasText}progress::-webkit-progress-value{background:Highlight}progress::-moz-progress-bar{background:Highlight}}
`;

customElements.define('steunwijzer-chat', SteunwijzerChat);
})();
