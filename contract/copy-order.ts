// What the launcher asks of the process that works on copies of an installation as its owner
// (launcher/order-copy.ts asks, roles/carry-out-copy.ts reads): to make one, to verify one, to try an upgrade
// on one, to restore one.

export type CopyOrder = {
  work: 'backup' | 'verify' | 'upgrade-check' | 'restore';
  /** The copy's folder, as the process reaches it. */
  folder: string;
  /** The same by the path that its operator knows: what is printed. */
  operatorFolder: string;
  /** Of `verify` and `upgrade-check`: a folder to try the copy in, empty; of the others: null. */
  scratch: string | null;
  /** Of `backup`: whether Millrace runs on the data dir: then the embedded database does, too. */
  isServed: boolean;
  /** Of `backup`: whether the master key is copied. */
  withKey: boolean;
  /** Of `restore`: the moment to go back to, ISO 8601 in UTC; null: as far as there is anything. */
  to: string | null;
};
