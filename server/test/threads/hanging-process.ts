// A process that is watched: it turns, says so, and then hangs if it is asked to. For the test of the watch.
import { watchLoop } from '../../src/threads/loop-watch.ts';

const [, , patienceMs, plan] = process.argv;
const watch = watchLoop({ patienceMs: Number(patienceMs), lastWords: 'the loop stood still' });

if (plan === 'hang') for (;;);
if (plan === 'stall') for (const until = Date.now() + Number(patienceMs) / 3; Date.now() < until; );
if (plan === 'work') {
  const spent = (): number => process.cpuUsage().user / 1000;
  for (const until = spent() + Number(patienceMs) / 2; spent() < until; );
}
setTimeout(async () => {
  await watch.stop();
  console.log('ended by itself');
}, Number(patienceMs) * 2);
