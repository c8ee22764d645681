// Which IP addresses are not on the public internet: private, loopback, link-local, multicast, reserved, and the IPv6
// forms that carry an IPv4 address.
import { BlockList, isIP } from 'node:net';

const ranges = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32', // the host of Azure's virtual machines
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const notPublic = { 4: new BlockList(), 6: new BlockList() };
for (const range of ranges) {
  const [network = '', bits] = range.split('/');
  if (isIP(network) === 4) notPublic[4].addSubnet(network, Number(bits), 'ipv4');
  else notPublic[6].addSubnet(network, Number(bits), 'ipv6');
}

/** False for what is no IP address. */
export function isPrivateAddress(given: string): boolean {
  const address = given.replace(/%.*$/, '');
  const version = isIP(address);
  if (version === 0) return false;
  return version === 4 ? notPublic[4].check(address, 'ipv4') : notPublic[6].check(address, 'ipv6');
}
