// A node that does nothing but move old runs, in small portions, until it is killed or all are moved: for
// history.test.ts.
import { pino } from 'pino';
import { openDatabase } from '../../src/postgres/database.ts';
import { movePortion } from '../../src/runs/history-mover.ts';

const database = openDatabase(process.argv[2] ?? '', () => {});
const log = pino({ level: 'silent' });
while ((await movePortion({ database, keptDays: 30, log, portion: 400 })) !== 'over');
await database.close();
