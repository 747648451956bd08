// Plays MailChimp's Marketing API 3.0 as far as adding a member to a list goes: HTTP Basic with any user
// name, problem documents (RFC 7807) for errors, the member's id being the MD5 of its lower-case address. The
// test's side is ../open-mailchimp.ts. Questions: `configure`, `behave`, `seen`.
import { createHash, randomUUID } from 'node:crypto';
import type { Behaviour, MailchimpAccount } from '../open-mailchimp.ts';
import { type SeenRequest, type StandInAnswer, serveStandIn } from '../stand-in.ts';

let account: MailchimpAccount = { apiKey: '', listIds: [] };
let behaviour: Behaviour = 'answer';
const requests: SeenRequest[] = [];
/** `list/address` of every member. */
const members = new Set<string>();

await serveStandIn({
  answer(request) {
    requests.push(request);
    return behaviour === 'drop' ? 'drop' : route(request);
  },
  questions: {
    configure: (argument) => {
      account = argument as MailchimpAccount;
    },
    behave: (argument) => {
      behaviour = argument as Behaviour;
    },
    seen: () => requests,
  },
});

function route(request: SeenRequest): StandInAnswer {
  if (passwordOf(request) !== account.apiKey) {
    return problem(
      401,
      'API Key Invalid',
      "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
    );
  }
  const listId = /^\/3\.0\/lists\/([^/?]+)\/members$/.exec(request.path)?.[1];
  if (listId === undefined || !account.listIds.includes(listId)) {
    return problem(404, 'Resource Not Found', 'The requested resource could not be found.');
  }
  if (request.method !== 'POST') {
    return problem(405, 'Method Not Allowed', 'The requested method and resource are not compatible.');
  }
  return addMember(listId, JSON.parse(request.body) as NewMember);
}

function passwordOf(request: SeenRequest): string | undefined {
  const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}

type NewMember = { email_address?: string; status?: string; merge_fields?: Record<string, string> };

function addMember(listId: string, member: NewMember): StandInAnswer {
  const address = member.email_address ?? '';
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) {
    return problem(400, 'Invalid Resource', 'Please provide a valid email address.');
  }
  const key = `${listId}/${address.toLowerCase()}`;
  if (members.has(key)) {
    return problem(
      400,
      'Member Exists',
      `${address} is already a list member. Use PUT to insert or update list members.`,
    );
  }
  members.add(key);
  return json(200, 'application/json; charset=utf-8', {
    id: createHash('md5').update(address.toLowerCase()).digest('hex'),
    email_address: address,
    unique_email_id: randomUUID().slice(0, 10),
    email_type: 'html',
    status: member.status ?? 'subscribed',
    merge_fields: { FNAME: '', LNAME: '', ...member.merge_fields },
    list_id: listId,
  });
}

function problem(status: number, title: string, detail: string): StandInAnswer {
  const type = 'https://mailchimp.com/developer/marketing/docs/errors/';
  return json(status, 'application/problem+json; charset=utf-8', {
    type,
    title,
    status,
    detail,
    instance: randomUUID(),
  });
}

function json(status: number, contentType: string, body: unknown): StandInAnswer {
  return { status, headers: { 'content-type': contentType }, body: JSON.stringify(body) };
}
