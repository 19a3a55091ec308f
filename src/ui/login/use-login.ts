"use client";

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { type Problem, problemOf } from "~/ui/api/problem";
import { useTRPCClient } from "~/ui/api/trpc";
import { keepLogin, type LoginState, loginState, watchLogin } from "./login-store";
import { type ExtensionFailure, findExtension, publicKeyOf, signedBy } from "./nostr-extension";

/** NIP-42: a login at a relay, which is us. */
const RELAY_LOGIN = 22242;
const NOBODY: LoginState = { login: null, refused: false };

export type LoginStep =
  | { at: "start" | "looking" | "asking" | "signing" | "verifying" }
  | { at: "failed"; failure: ExtensionFailure }
  | { at: "failed"; failure: "server"; problem: Problem };

/** Who is logged in in this browser; nobody while the server renders. */
export const useLoginState = (): LoginState => useSyncExternalStore(watchLogin, loginState, () => NOBODY);

/** Finds the extension, has it sign a challenge of ours, and keeps the token. Every step can be left. */
export function useLogin() {
  const client = useTRPCClient();
  const [step, setStep] = useState<LoginStep>({ at: "start" });
  const underWay = useRef<AbortController | null>(null);

  const leave = useCallback(() => {
    underWay.current?.abort();
    underWay.current = null;
    setStep({ at: "start" });
  }, []);
  useEffect(() => () => underWay.current?.abort(), []);

  const begin = useCallback(async () => {
    underWay.current?.abort();
    const mine = new AbortController();
    underWay.current = mine;
    const { signal } = mine;
    const go = (next: LoginStep) => {
      if (!signal.aborted) setStep(next);
    };
    const fail = (failure: ExtensionFailure) => go({ at: "failed", failure });

    go({ at: "looking" });
    const extension = await findExtension(signal);
    if (!extension) return fail("absent");
    go({ at: "asking" });
    const pubkey = await publicKeyOf(extension, signal);
    if (!pubkey.ok) return fail(pubkey.failure);
    try {
      const { challenge } = await client.identity.challenge.mutate({ pubkey: pubkey.value });
      go({ at: "signing" });
      const tags = [
        ["relay", window.location.origin],
        ["challenge", challenge],
      ];
      const unsigned = { kind: RELAY_LOGIN, created_at: Math.floor(Date.now() / 1000), tags, content: "" };
      const event = await signedBy(extension, pubkey.value, unsigned, signal);
      if (!event.ok) return fail(event.failure);
      go({ at: "verifying" });
      const login = await client.identity.verify.mutate({ pubkey: pubkey.value, event: event.value });
      if (signal.aborted) return;
      keepLogin({ pubkey: login.pubkey, token: login.nostr_token, expiresAt: login.expiresAt });
      setStep({ at: "start" });
    } catch (error) {
      go({ at: "failed", failure: "server", problem: problemOf(error) });
    }
  }, [client]);

  return { step, begin, leave };
}
