import { faultOf } from '../../../proof/processes/faults';
import { whyNoNamespace } from '../../../proof/processes/namespace';
import { PACKET_FAULTS } from '../../../proof/processes/packet-faults';
import { losePackets, rulesOf } from '../../../proof/processes/packet-filter';
import { packetPlans } from '../../../proof/processes/packet-rounds';

describe('rounds with packet loss', () => {
  test('every kind of loss meets the POST of both operations, and each plan names a fault that is known', () => {
    const plans = packetPlans(1);
    for (const fault of Object.keys(PACKET_FAULTS))
      for (const operation of ['clone', 'revert'])
        expect(plans).toContainEqual(expect.objectContaining({ fault, operation, window: 'K10' }));
    for (const { fault, deadlineMs } of plans)
      expect(deadlineMs).toBeGreaterThan(faultOf(fault).lastsMs ?? 0);
    expect(new Set(plans.map(({ id }) => id)).size).toBe(plans.length);
    expect(plans.some(({ profile }) => profile === 'production')).toBe(true);
  });

  test('rules name the ports of the round, and drop where a packet arrives', () => {
    expect(rulesOf('t', 'some', [7, 8]).split('\n')).toEqual([
      'add table inet t',
      'add chain inet t arriving { type filter hook input priority 0 ; }',
      'add rule inet t arriving tcp dport { 7, 8 } numgen random mod 100 < 25 counter drop',
      'add rule inet t arriving tcp sport { 7, 8 } numgen random mod 100 < 25 counter drop',
    ]);
    expect(rulesOf('t', 'posts', [7]).split('\n').at(-1)).toBe(
      'add rule inet t arriving tcp dport { 7 } @th,256,32 0x504f5354 counter drop',
    );
    expect(rulesOf('t', 'data', [7]).split('\n').at(-1)).toBe(
      'add rule inet t arriving tcp dport { 7 } meta length >= 100 counter drop',
    );
  });

  test('outside a namespace of its own no packet of the machine is touched', async () => {
    await expect(losePackets('all', [7])).rejects.toThrow('give --tier 3');
  });

  test('where a program is missing, it is named with the package that brings it', () => {
    expect(whyNoNamespace({ PATH: '' })).toBe('there is no unshare on PATH (Debian: util-linux)');
  });
});
