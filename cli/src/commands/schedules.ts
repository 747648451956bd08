// `millrace schedules`: when a cron expression runs, before it is anybody's trigger.
import { defineCommand } from '../frame/command.ts';
import { showTable } from '../frame/show-table.ts';
import { readCount } from '../frame/take.ts';

const USUAL = 5;

const preview = defineCommand({
  about: 'The next runs of a cron expression, with moved clocks',
  example: 'millrace schedules preview "0 8 * * *" --zone Europe/Berlin --count 10',
  operands: [{ name: 'cron', about: 'five parts: minute, hour, day of month, month, day of week' }],
  options: {
    zone: { type: 'string', about: 'IANA name; UTC if it is left out' },
    count: { type: 'string', value: 'number', about: 'of runs; 5 if it is left out' },
  },
  async run({ operands: { cron = '' }, options: { zone, count }, client, terminal }) {
    const body = { cron, count: readCount(count, USUAL), ...(zone !== undefined && { time_zone: zone }) };
    const data = await (await client()).post('/schedules/validate', { body });
    type Next = (typeof data.next_runs)[number];
    const columns = {
      LOCAL: ({ local }: Next) => local,
      UTC: ({ at }: Next) => at,
      CLOCK: ({ clock_change }: Next) => clock_change ?? '',
    };
    return { data, text: showTable(terminal, data.next_runs, columns, 'It never runs.') };
  },
});

export const verbs = { preview };
