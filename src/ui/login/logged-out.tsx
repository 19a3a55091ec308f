"use client";

import { Button } from "~/ui/controls/button";
import { loginTexts } from "~/ui/texts/login";
import styles from "./login.module.css";
import { noteRefusalSeen } from "./login-store";
import { useLoginState } from "./use-login";

const t = loginTexts;

/** Says once that the login has run out, wherever on the site that is found. */
export function LoggedOut() {
  const { refused } = useLoginState();
  return (
    <div role="status">
      {refused && (
        <div className={styles.word}>
          <p>{t.loggedOut}</p>
          <Button look="quiet" onClick={noteRefusalSeen}>
            {t.dismiss}
          </Button>
        </div>
      )}
    </div>
  );
}
