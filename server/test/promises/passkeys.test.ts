// Passkeys: a person adds one, and signs in by it without a password; and what isn't an answer of that key,
// here and now. With an authenticator in software, through the public port only.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ConsoleClient, type Entry, json, type Own } from './console-client.ts';
import { Customer } from './customer.ts';
import { SoftwareAuthenticator } from './software-authenticator.ts';
import { type Millrace, noJails, startMillrace } from './start-millrace.ts';

type Options = { challenge: string; rpId: string; rp: { id: string }; user: { id: string } };

const ANN = { email: 'ann@example.com', name: 'Ann', password: 'a long enough password' };

describe('a passkey', { skip: noJails() }, () => {
  let millrace: Millrace;
  let machine: Customer;
  let ann: ConsoleClient;
  let key: SoftwareAuthenticator;

  before(async () => {
    millrace = await startMillrace();
    machine = new Customer(millrace);
    await machine.json('/millrace/v1/setup', json(ANN));
    ann = new ConsoleClient(millrace);
    await ann.signIn(ANN.email, ANN.password);
    key = new SoftwareAuthenticator(ann.origin);
  });
  after(() => millrace?.close());

  const post = (client: ConsoleClient, path: string, body?: object) =>
    client.request(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
  const creation = async (): Promise<Options> =>
    JSON.parse((await post(ann, '/session/passkeys/options', { password: ANN.password })).body);
  const request = async (client: ConsoleClient): Promise<Options> =>
    JSON.parse((await post(client, '/session/passkey/options')).body);
  const signIn = async (answer: object, client = new ConsoleClient(millrace)) =>
    (await post(client, '/session/passkey', { answer })).status;

  test('is added by the person with their password, and listed', async () => {
    assert.equal((await post(ann, '/session/passkeys/options', { password: 'not it' })).status, 401);
    const options = await creation();
    assert.equal(options.rp.id, 'console.localhost');
    const added = await post(ann, '/session/passkeys', { answer: key.create(options), name: 'laptop' });
    assert.equal(added.status, 200, added.body);
    const again = await post(ann, '/session/passkeys', { answer: key.create(options), name: 'again' });
    assert.equal(again.status, 401, 'a challenge is answered once');
    const twice = await post(ann, '/session/passkeys', {
      answer: key.create(await creation()),
      name: 'twice',
    });
    assert.equal(twice.status, 409);
    const { data } = await ann.json<{ data: { name: string }[] }>('/session/passkeys');
    assert.deepEqual(
      data.map(({ name }) => name),
      ['laptop'],
    );
  });

  test('signs in, without a password', async () => {
    const client = new ConsoleClient(millrace);
    assert.equal(await signIn(key.get(await request(client)), client), 200);
    const own = await client.json<Own & { way: string }>('/session');
    assert.deepEqual([own.email, own.way], [ANN.email, 'passkey']);
  });

  test('answers one challenge, once, at this host, unlocked by its person', async () => {
    const options = await request(ann);
    const answer = key.get(options);
    assert.deepEqual(
      await Promise.all([signIn(answer), signIn(answer)]).then((all) => all.sort()),
      [200, 401],
    );
    assert.equal(await signIn(key.get({ ...(await request(ann)), challenge: 'bWFkZSB1cA' })), 401);
    assert.equal(await signIn(key.get({ ...(await request(ann)), rpId: 'localhost' })), 401);
    assert.equal(await signIn(key.get(await request(ann), 0x01)), 401, 'nobody has unlocked it');
    const unkeepable = { ...key.get(await request(ann)), id: '\0' };
    assert.equal(await signIn(unkeepable), 400);
    const { challenge } = await creation();
    assert.equal(await signIn(key.get({ ...options, challenge })), 401, 'a challenge for something else');
    const foreign = new SoftwareAuthenticator('https://evil.example');
    const added = await post(ann, '/session/passkeys', {
      answer: foreign.create(await creation()),
      name: 'x',
    });
    assert.equal(added.status, 401, 'made at another origin');
    const stranger = new SoftwareAuthenticator(ann.origin);
    assert.equal(await signIn(stranger.get(await request(ann))), 401);
    const forged = { ...stranger.get(await request(ann)), id: key.get(options).id };
    assert.equal(await signIn(forged), 401, "another key's signature");
  });

  test('is gone once it is removed, and all of it is in the log', async () => {
    const { data } = await ann.json<{ data: { id: string }[] }>('/session/passkeys');
    const remove = () => ann.request(`/session/passkeys/${data[0]?.id}`, { method: 'DELETE' });
    assert.deepEqual([(await remove()).status, (await remove()).status], [204, 404]);
    assert.equal(await signIn(key.get(await request(ann))), 401);
    const entries = (await machine.json<{ data: Entry[] }>('/millrace/v1/audit?limit=500')).data;
    const actions = entries.map(({ action }) => action);
    for (const action of ['passkey.add', 'passkey.remove'])
      assert.ok(actions.includes(action as never), action);
    assert.ok(entries.some(({ action, after }) => action === 'session.create' && after?.way === 'passkey'));
  });

  test('ends when a link sets another password, with what the one before lets in at that moment', async () => {
    await post(ann, '/session/passkeys', { answer: key.create(await creation()), name: 'phone' });
    assert.equal(await signIn(key.get(await request(ann))), 200);
    const { data } = await machine.json<{ data: { id: string }[] }>('/millrace/v1/users');
    const { link } = await machine.json<{ link: string }>(
      `/millrace/v1/users/${data[0]?.id}/password-link`,
      json({}),
    );
    const later = { email: ANN.email, password: 'another long enough one' };
    const body = { secret: link.split('#')[1], password: later.password };
    const clients = Array.from({ length: 10 }, () => new ConsoleClient(millrace));
    // Passwords are looked at two at a time: most are when it is another already.
    const [set] = await Promise.all([
      post(new ConsoleClient(millrace), '/password-links/accept', body),
      ...clients.map((client) => client.signIn(ANN.email, ANN.password)),
    ]);
    assert.equal(set?.status, 204, set?.body);
    assert.equal(await signIn(key.get(await request(ann))), 401);
    assert.equal((await ann.signIn(later.email, later.password)).status, 200);
    assert.equal((await ann.json<{ data: object[] }>('/sessions')).data.length, 1);
  });
});
