import { backUp } from '../../src/backup/back-up.ts';
import { restore } from '../../src/backup/restore.ts';
import { openEmbedded } from '../../src/store/embedded.ts';

// Backs a data directory up, or restores one, and is killed as soon as it comes to a step.
const [what = '', step = '', directory = '', dataDir = ''] = process.argv.slice(2);
const storePath = `${dataDir}/store`;
const onStep = (reached: string) => {
  if (reached.startsWith(step)) process.kill(process.pid, 'SIGKILL');
};
if (what === 'backup') {
  await backUp(await openEmbedded({ path: storePath }), { directory, dataDir, now: Date.now, onStep });
} else {
  await restore({ directory, dataDir, storePath, onStep });
}
