"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { useTRPC } from "~/ui/api/trpc";
import { Button } from "~/ui/controls/button";
import { useClosing } from "~/ui/controls/use-closing";
import { loginTexts } from "~/ui/texts/login";
import styles from "./login.module.css";
import { LoginDialog } from "./login-dialog";
import type { KeptLogin } from "./login-store";
import { ProfileCard } from "./profile-card";
import { useLoginState } from "./use-login";

const t = loginTexts;

/** In the header of every page: logging in, or who is logged in. */
export function LoginCorner() {
  const { login } = useLoginState();
  const dialog = useRef<HTMLDialogElement>(null);
  const [welcome, setWelcome] = useState(false);
  return (
    <div className={styles.corner}>
      {login ? (
        <Profile key={login.pubkey} login={login} welcome={welcome} />
      ) : (
        <Button onClick={() => dialog.current?.showModal()}>{t.button}</Button>
      )}
      <LoginDialog dialog={dialog} onDone={() => setWelcome(true)} />
    </div>
  );
}

/** The tier as a button, which opens the card. */
function Profile({ login: { pubkey }, welcome }: { login: KeptLogin /** Just come in. */; welcome: boolean }) {
  const trpc = useTRPC();
  const me = useQuery(trpc.identity.me.queryOptions(undefined));
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const cardId = useId();
  const tier = me.data ? t.tiers[me.data.trust_tier] : "…";

  // The button that was pressed to log in is gone: this is what came instead.
  useEffect(() => {
    if (welcome) button.current?.focus();
  }, [welcome]);
  useClosing(open, setOpen, { place, button });

  return (
    <div ref={place} className={styles.me}>
      <Button ref={button} aria-expanded={open} aria-controls={cardId} onClick={() => setOpen(!open)}>
        <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path
            d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-5 4-7 8-7s8 2 8 7"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
            strokeLinecap="round"
          />
        </svg>
        <span className="for-screen-readers">{t.profile.open(tier)}</span>
        <span aria-hidden="true">{tier}</span>
      </Button>
      <p className="for-screen-readers" role="status">
        {welcome && me.data && t.done(tier)}
      </p>
      <div id={cardId} className={styles.card} hidden={!open}>
        {open && <ProfileCard pubkey={pubkey} />}
      </div>
    </div>
  );
}
