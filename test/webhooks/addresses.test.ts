import { describe, expect, test } from 'vitest';
import { openAddressRule } from '../../src/webhooks/addresses.ts';
import { post } from '../../src/webhooks/post.ts';
import { openReceiver } from './receiver.ts';

const strict = openAddressRule([]);

describe('without the operator’s word only public addresses may be called', () => {
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '168.63.129.16',
    '100.100.100.200',
    'fd00:ec2::254',
    '64:ff9b:1::a00:1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '::ffff:168.63.129.16',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '198.51.100.7',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    '::127.0.0.1',
    '4000::1',
    'example.com',
    '',
  ])('not %s', (address) => {
    expect(strict.allows(address)).toBe(false);
  });

  test.each(['8.8.8.8', '203.0.114.1', '2606:4700::1111'])('but %s', (address) => {
    expect(strict.allows(address)).toBe(true);
  });
});

test('networks that the operator allows may be called, and no others', () => {
  const rule = openAddressRule(['10.1.0.0/16', '127.0.0.1', 'fd00::/8']);
  expect(['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', 'fd12::1'].map(rule.allows)).toEqual([true, true, true, true]);
  expect(['10.2.0.1', '127.0.0.2', '::1'].map(rule.allows)).toEqual([false, false, false]);
  expect(() => openAddressRule(['10.1.0.0/99'])).toThrow('WEBHOOK_ALLOWED_NETWORKS');
});

test('the machine\u2019s own addresses are not called, public ones neither, unless the operator says so', () => {
  let own = ['127.0.0.1', '203.0.114.1', '2606:4700::1111'];
  const rule = openAddressRule([], () => own);
  const asked = ['203.0.114.1', '::ffff:203.0.114.1', '2606:4700:0:0::1111', '203.0.114.2'];
  expect(asked.map(rule.allows)).toEqual([false, false, false, true]);
  expect(openAddressRule(['203.0.114.1'], () => own).allows('203.0.114.1')).toBe(true);
  // It may get another one while it runs.
  own = ['203.0.114.2'];
  expect(asked.map(rule.allows)).toEqual([true, true, true, false]);
});

describe('a message', () => {
  const message = (url: string) => ({ url, secret: 's', eventId: 'e', body: '{"event":"x"}', now: 1_700_000_000_000 });

  test.each([['127.0.0.1'], ['localhost'], ['[::1]'], ['[::ffff:127.0.0.1]'], ['0x7f.1'], ['2130706433'], ['127.1']])(
    'is never sent to %s',
    async (host) => {
      const receiver = await openReceiver();
      const port = new URL(receiver.url).port;
      const reply = await post(message(new URL(`http://${host}:${port}/`).href), strict);
      expect(reply.status).toBe(0);
      expect(reply.reason).toContain('is not a public address');
      expect(receiver.received).toEqual([]);
      await receiver.close();
    },
  );

  test('tells nothing of names: one that leads inside, and one that there is not, are the same', async () => {
    const told = async (host: string) => {
      const { reason, ...reply } = await post(message(`http://${host}/`), strict);
      return { ...reply, reason: reason.replace(host, 'HOST') };
    };
    const inside = await told('localhost');
    expect(inside.reason).not.toMatch(/127|::1|ENOTFOUND/);
    expect(await told('no-such-name.invalid')).toEqual(inside);
  });

  test('is sent to a name whose address is allowed; a redirect is not followed', async () => {
    const receiver = await openReceiver();
    const port = new URL(receiver.url).port;
    const rule = openAddressRule(['127.0.0.1', '::1']);
    receiver.behave((response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end());
    expect(await post(message(`http://localhost:${port}/outside`), rule)).toEqual({
      status: 302,
      reason: `redirects are not followed (to http://127.0.0.1:${port}/inside)`,
    });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/outside']);
    await receiver.close();
  });

  test('to nobody, or to somebody who never answers, ends with the reason', async () => {
    const receiver = await openReceiver();
    const rule = openAddressRule(['127.0.0.0/8']);
    receiver.behave(() => {});
    expect(await post(message(receiver.url), rule, 200)).toEqual({ status: 0, reason: 'no answer within 0.2 s' });
    // An answer without an end is an answer.
    receiver.behave((response) => void response.writeHead(200).write('.'.repeat(100_000)));
    expect(await post(message(receiver.url), rule, 5000)).toEqual({ status: 200, reason: '' });
    await receiver.close();
    expect(await post(message(receiver.url), rule)).toMatchObject({
      status: 0,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await post(message('http://no-such-name.invalid/'), rule)).toMatchObject({ status: 0 });
    const plain = await openReceiver();
    expect(await post(message(plain.url.replace('http', 'https')), rule)).toEqual({
      status: 0,
      reason: 'TLS failed: wrong version number',
    });
    await plain.close();
  });
});
