import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./button.module.css";

export type ButtonLook = "primary" | "plain" | "quiet" | "rue";
type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: ButtonLook;
  /** Something is under way: the button stays where focus is, but does nothing more. */
  busy?: boolean;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
};

export function Button({ look = "plain", busy = false, type = "button", onClick, className, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={`${styles.button} ${styles[look]} ${className ?? ""}`}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    />
  );
}

/** For links that stand among buttons. */
export const buttonClass = (look: ButtonLook): string => `${styles.button} ${styles[look]}`;
