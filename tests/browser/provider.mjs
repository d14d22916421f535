// An identity provider as a unit runs it: the certified oidc-provider, in a process of its own. Anyone signs in by any name.
//   node provider.mjs ADDRESS CLIENT SECRET REDIRECT…
import { Provider } from 'oidc-provider';

const [address, client_id, client_secret, ...redirect_uris] = process.argv.slice(2);
const provider = new Provider(address, {
  clients: [{ client_id, client_secret, redirect_uris, response_types: ['code'], grant_types: ['authorization_code'] }],
  cookies: { keys: ['of these tests alone'] },
  findAccount: async (_context, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
  pkce: { required: () => true },
});
const { hostname, port } = new URL(address);
provider.listen(Number(port), hostname, () => console.log('ready'));
