import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Keeps what is written to the database unreadable there: AES-256-GCM. */
export type Seal = {
  /** `context` is authenticated too: what was sealed for one row cannot be moved to another. */
  seal(content: string | Uint8Array, context: string): Uint8Array<ArrayBuffer>;
  /** Throws where anything was changed. */
  open(sealed: Uint8Array, context: string): Buffer;
};

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** `key`: 32 bytes. Sealed bytes are a fresh nonce, the tag, then the ciphertext. */
export function sealing(key: Buffer): Seal {
  return {
    seal(content, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
      return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    },
  };
}
