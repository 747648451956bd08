// `millrace dead-letters`: runs whose retries are spent, run again or taken off the list.
import { confirm } from '../frame/ask-person.ts';
import { defineCommand } from '../frame/command.ts';
import { findFunction } from '../frame/find-function.ts';
import { nameFunctions } from '../frame/name-functions.ts';
import { showRuns } from '../frame/show-run.ts';
import { LIMIT_OPTION, pageOf, readCount, take } from '../frame/take.ts';

const OF = { function: { type: 'string', about: 'of this function only' } } as const;

const list = defineCommand({
  about: 'Runs whose retries are spent, newest first',
  example: 'millrace dead-letters list --function hello',
  options: { ...OF, limit: LIMIT_OPTION },
  async run({ options, client, terminal }) {
    const api = await client();
    const count = readCount(options.limit);
    const of = options.function;
    const query = {
      limit: pageOf(count),
      ...(of !== undefined && { function_id: (await findFunction(api, of)).id }),
    };
    const data = await take(api.list('/dead-letters', { params: { query } }), count);
    const text = data.length === 0 ? 'None.' : showRuns(terminal, data, await nameFunctions(api, data));
    return { data: { data }, text };
  },
});

const redrive = defineCommand({
  about: 'Runs them again, oldest first',
  example: 'millrace dead-letters redrive --function hello',
  options: OF,
  async run({ options, client }) {
    const api = await client();
    const of = options.function;
    const filter = of === undefined ? {} : { function_id: (await findFunction(api, of)).id };
    const data = await api.post('/dead-letters/redrive', { body: { filter } });
    return { data, text: `${data.replayed.length} run again, ${data.skipped.length} can't.` };
  },
});

const discard = defineCommand({
  about: 'Takes them off the list; their records stay',
  example: 'millrace dead-letters discard --function hello --yes',
  options: { ...OF, yes: { type: 'boolean', about: 'without a question' } },
  async run({ options, client, terminal }) {
    const api = await client();
    const of = options.function;
    const filter = of === undefined ? {} : { function_id: (await findFunction(api, of)).id };
    await confirm(terminal, `Take ${of ?? 'all of them'} off the list?`, options.yes === true);
    const data = await api.post('/dead-letters/discard', { body: { filter } });
    return { data, text: `${data.discarded} are off the list${data.more ? '; there may be more' : ''}.` };
  },
});

export const verbs = { list, redrive, discard };
