/** What the server of Steunwijzer says and hears: the types behind the JSDoc of widget.js. */

export interface Choice { title: string; value: string; choice?: unknown }
export interface Link { title: string; url: string; type?: string }
/** `edit` is the text that the button "Wijzig" sends. */
export interface Card { kind: 'consent' | 'steps' | 'summary'; title: string; lines: { label: string; value: string; edit?: string }[] }

/** `id` is the client's own id; `name` and `role` tell which coach; `checked` is a date in Dutch words; `system` marks a change of hands. */
export interface Message {
  seq: number; from: 'assistant' | 'coach' | 'user'; text: string; id?: string; lang?: string; name?: string; role?: string;
  checked?: string; buttons?: Choice[]; sources?: Link[]; card?: Card; files?: Link[]; system?: boolean;
}

/** `live` false: the coach has the request, but does not answer in this chat. `coach`, `wait` (a sentence without full stop) and `hours` ("op werkdagen van 9.00 tot 17.00 uur") are optional. */
export interface State {
  asks_for: null | 'behaviour' | 'place' | 'contact' | 'consent' | 'date' | 'step_answer' | 'choice';
  step: { number: number; of: number } | null;
  handoff: 'none' | 'requested' | 'accepted' | 'closed' | 'cancelled';
  crisis: boolean; live?: boolean;
  coach?: { name: string; role?: string } | null; wait?: string | null; hours?: string | null;
}

/** A message of the visitor that the server has not confirmed yet. */
export interface Waiting { id: string; text: string; choice?: unknown }

/** What a Connection tells its owner. */
export interface Listener {
  message(m: Message): void; state(s: State): void; ack(id: string, seq: number | undefined, fresh: boolean): void;
  refused(id: string, text?: string): void; fail(why?: string): void; offline(yes: boolean, why?: string): void; typing(): void;
  expired(why: 'expired' | 'elsewhere' | 'ended'): void;
}
