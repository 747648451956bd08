// A passkey in software, for promises: keeps a P-256 key and a counter, and answers challenges as a browser
// hands them on (WebAuthn, level 2: no attestation, the user verified).
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

type Options = { challenge: string; rp?: { id: string }; rpId?: string; user?: { id: string } };

export class SoftwareAuthenticator {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #id = randomBytes(16);
  readonly #origin: string;
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  create({ challenge, rp }: Options) {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const [idLength, bytes] = [Buffer.alloc(2), (text: string) => Buffer.from(text, 'base64url')];
    idLength.writeUInt16BE(this.#id.length);
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    const key = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      ...[bytes(x), Buffer.from('225820', 'hex'), bytes(y)],
    ]);
    const attested = [Buffer.alloc(16), idLength, this.#id, key];
    const data = this.#data(rp?.id ?? '', 0x45, attested);
    // {"fmt": "none", "attStmt": {}, "authData": data}
    const attestation = Buffer.concat([
      Buffer.from('a3', 'hex'),
      ...[text('fmt'), text('none'), text('attStmt'), Buffer.from('a0', 'hex')],
      ...[text('authData'), Buffer.from([0x58, data.length]), data],
    ]);
    return this.#answer({
      clientDataJSON: this.#clientData('webauthn.create', challenge),
      attestationObject: attestation.toString('base64url'),
    });
  }

  get({ challenge, rpId = '' }: Options, flags = 0x05) {
    const clientDataJSON = this.#clientData('webauthn.get', challenge);
    const data = this.#data(rpId, flags, []);
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([data, hash]), this.#keys.privateKey);
    return this.#answer({
      ...{ clientDataJSON, authenticatorData: data.toString('base64url') },
      signature: signature.toString('base64url'),
    });
  }

  #answer(response: Record<string, string>) {
    const id = this.#id.toString('base64url');
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }

  #clientData(type: string, challenge: string): string {
    const origin = this.#origin;
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url');
  }

  #data(rpId: string, flags: number, rest: Buffer[]): Buffer {
    this.#counter += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    return Buffer.concat([
      createHash('sha256').update(rpId).digest(),
      Buffer.from([flags]),
      counter,
      ...rest,
    ]);
  }
}

/** A short text in CBOR. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
}
