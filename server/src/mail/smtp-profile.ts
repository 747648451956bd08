// An account's own SMTP server. Pure data; checked where it is taken in, kept by smtp-profile-store.ts.
import type { World } from '../accounts/account.ts';
import type { SmtpSecurity } from '../config/smtp-url.ts';

export type SmtpProfileSettings = {
  name: string;
  host: string;
  port: number;
  security: SmtpSecurity;
  username: string | null;
  /** `Name <address>`, or an address. */
  sender: string;
  /** Sends what names no profile. One of a world at most. */
  isDefault: boolean;
};

/** As it lies in the database. */
export type SealedSmtpProfile = World &
  SmtpProfileSettings & {
    id: string;
    /** null: the server wants none. */
    sealedPassword: Buffer | null;
    createdAt: Date;
    modifiedAt: Date;
  };
