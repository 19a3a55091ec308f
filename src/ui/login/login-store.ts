import { isInstant, isObject } from "~/ui/kept/read-json";

/** Who is logged in here, and by which token until when. */
export type KeptLogin = { pubkey: string; token: string; expiresAt: string };

const PUBKEY = /^[0-9a-f]{64}$/;

function readLogin(given: unknown): KeptLogin | null {
  if (!isObject(given)) return null;
  const { pubkey, token, expiresAt } = given;
  const whole =
    typeof pubkey === "string" &&
    PUBKEY.test(pubkey) &&
    typeof token === "string" &&
    token !== "" &&
    isInstant(expiresAt);
  return whole ? { pubkey, token, expiresAt } : null;
}

/** `refused`: the server did not take the token any more, and the visitor has not been told yet. */
export type LoginState = { login: KeptLogin | null; refused: boolean };

const KEY = "timmy.login";
const NOBODY: LoginState = { login: null, refused: false };

const listeners = new Set<() => void>();
let cached: { text: string | null; state: LoginState } = { text: null, state: NOBODY };
let refused = false;
/** What stands in for the browser's storage where that is forbidden: it lasts as long as the page. */
let unkept: string | null = null;

/** The same object as long as nothing changed, as React wants it. */
export function loginState(): LoginState {
  const text = load();
  if (text !== cached.text || refused !== cached.state.refused)
    cached = { text, state: { login: parse(text), refused } };
  return cached.state;
}

/** What says with a call who makes it; nothing for nobody. */
export function loginHeader(): Record<string, string> {
  const { login } = loginState();
  return login ? { "X-Nostr-Token": login.token } : {};
}

export function keepLogin(login: KeptLogin): void {
  refused = false;
  save(JSON.stringify(login));
}

/** `byServer`: the token was refused, so the visitor should hear of it. */
export function forgetLogin(byServer = false): void {
  if (byServer && loginState().login === null) return;
  refused = byServer;
  save(null);
}

export function noteRefusalSeen(): void {
  refused = false;
  tell();
}

export function watchLogin(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function parse(text: string | null): KeptLogin | null {
  try {
    return text === null ? null : readLogin(JSON.parse(text));
  } catch {
    return null;
  }
}

function load(): string | null {
  if (typeof window === "undefined") return null;
  try {
    return window.localStorage.getItem(KEY) ?? unkept;
  } catch {
    return unkept;
  }
}

function save(text: string | null): void {
  unkept = null;
  try {
    if (text === null) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, text);
  } catch {
    unkept = text;
  }
  tell();
}

const tell = () => {
  for (const listener of listeners) listener();
};
